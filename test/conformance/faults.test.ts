import { FAULTS } from './laws/faults.ts';
import { testSceneLaws } from './suite.ts';

testSceneLaws(FAULTS);
