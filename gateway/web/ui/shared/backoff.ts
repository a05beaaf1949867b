/** How long to wait before the next try: doubles from `first` to `most`, with up to a third of jitter. */
export function backoff(tries: number, first = 1000, most = 30_000, chance: () => number = Math.random): number {
  const span = Math.min(most, first * 2 ** Math.min(tries, 16));
  return Math.round(span * (2 / 3 + chance() / 3));
}
