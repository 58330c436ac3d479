/** Compares values as text, in Node and in a browser alike. */
export function equal(actual, expected, what) {
  const [is, shouldBe] = [shown(actual), shown(expected)];
  if (is !== shouldBe) throw new Error(`${what}: ${is} instead of ${shouldBe}`);
}

function shown(value) {
  return JSON.stringify(value, (_, part) => {
    if (typeof part === 'bigint') return `${part}n`;
    return part instanceof Uint8Array ? [...part] : part;
  });
}
