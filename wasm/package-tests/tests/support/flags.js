/** How Debian's Chromium is started, here and for the benchmarks. As root it needs the first; the others keep it from asking the network. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
