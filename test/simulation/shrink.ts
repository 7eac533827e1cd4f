/** Makes a sequence that goes wrong as short as it can be: whatever may be left out is left out. */
export async function shrink<T>(
  steps: readonly T[],
  fails: (steps: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = steps;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const without = [...left.slice(0, at), ...left.slice(at + size)];
      if (await fails(without)) left = without;
      else at += size;
    }
    // What one round left out may make more superfluous.
    if (size === 1) {
      let before: number;
      do {
        before = left.length;
        for (let at = left.length - 1; at >= 0; at--) {
          const without = [...left.slice(0, at), ...left.slice(at + 1)];
          if (await fails(without)) left = without;
        }
      } while (left.length < before);
    }
  }
  return left;
}
