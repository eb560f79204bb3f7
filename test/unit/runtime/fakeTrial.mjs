// A program that does a trial as the device's name says: it answers, fails, crashes, hangs, is silent, or does so after half an answer.
const trial = JSON.parse(process.argv.at(-1));
const speed = { forwardMilliseconds: 1, stepMilliseconds: 2 };
const preliminary = { small: speed, large: null, difference: 0, agrees: true };
const behaviours = {
  cpu: () =>
    process.send({ result: { small: speed, large: speed, difference: 0, agrees: true, trial } }, () => process.exit(0)),
  slow: () => process.send({ preliminary }, behaviours.hanging),
  'slow and crashing': () => process.send({ preliminary }, behaviours.crashing),
  missing: () => process.send({ error: 'There is no adapter.' }, () => process.exit(0)),
  crashing: () => process.kill(process.pid, 'SIGSEGV'),
  aborting: () => process.abort(),
  exiting: () => process.exit(3),
  // As a driver that never returns: nothing else in the process runs any more.
  hanging: () => {
    for (;;);
  },
};
behaviours[trial.device]();
