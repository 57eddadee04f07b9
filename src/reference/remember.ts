/** Remembers what was made last, by name: at most so many, those that were asked for longest ago go first. */
export function remembering<T>(most: number): (name: string, make: () => T) => T {
  const made = new Map<string, T>();
  return (name, make) => {
    const one = made.get(name) ?? make();
    made.delete(name);
    made.set(name, one);
    if (made.size > most) made.delete(made.keys().next().value!);
    return one;
  };
}
