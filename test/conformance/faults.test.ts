import { FAULTS } from './laws/faults.ts';
import { testLaws } from './suite.ts';

testLaws(FAULTS);
