interface ChoiceProps<V extends string> {
  name: string;
  values: readonly V[];
  /** As it stands in the address. */
  chosen: string | null;
  /** What each is shown by; itself when left out. */
  words?: (value: V) => string;
}

/** A filter by one of a few values, or by none of them. */
export const Choice = <V extends string>({ name, values, chosen, words }: ChoiceProps<V>) => (
  <select name={name}>
    <option value="">any</option>
    {values.map((value) => (
      <option key={value} value={value} selected={value === chosen}>
        {words?.(value) ?? value}
      </option>
    ))}
  </select>
);
