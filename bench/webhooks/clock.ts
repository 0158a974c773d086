/** Milliseconds of a clock that all processes of this machine share, so that two of them can time one way. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
