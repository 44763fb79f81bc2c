import type { Rdata, Soa } from '../types.ts';
import { packUnsigned } from './numbers.ts';
import { OctetReader } from './octet-reader.ts';

/** The fields of a SOA's RDATA. @throws MalformedRdataError */
export function readSoa(rdata: Rdata): Soa {
  const octets = new OctetReader(rdata);
  const soa = {
    mname: octets.name(),
    rname: octets.name(),
    serial: octets.number(4),
    refresh: octets.number(4),
    retry: octets.number(4),
    expire: octets.number(4),
    minimum: octets.number(4),
  };
  octets.end();
  return soa;
}

export function writeSoa(soa: Soa): Rdata {
  const times = [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum];
  return soa.mname + soa.rname + times.map((seconds) => packUnsigned(seconds, 4)).join('');
}
