/**
 * Evaluated in every image before the contract. It takes away what could differ between machines or runs, and leaves `host` to
 * the contract's own script alone. Views of floats are gone because the bits of a NaN can be seen through them; what a
 * collector decides (weak references) and what a clock or chance would tell is gone too.
 */
export const prelude = `'use strict';
(() => {
  for (const name of ['Date', 'WeakRef', 'FinalizationRegistry', 'Float16Array', 'Float32Array', 'Float64Array', 'DataView',
    'SharedArrayBuffer', 'Atomics', 'performance', 'navigator', 'gc', 'print', 'console']) delete globalThis[name];
  delete Math.random;
  delete Math.f16round;
})();
`
