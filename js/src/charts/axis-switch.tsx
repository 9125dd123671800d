/** A choice of one among a few, in words. */

interface Props {
  label: string;
  /** What each says, and what it means where that is not all. */
  options: readonly (readonly [text: string, title?: string])[];
  chosen: number;
  onChoose: (option: number) => void;
}

export function Switch({ label, options, chosen, onChoose }: Props) {
  return (
    <fieldset class="switch" aria-label={label}>
      {options.map(([text, title], i) => (
        <button
          key={text}
          type="button"
          class="word"
          aria-pressed={i === chosen}
          title={title}
          onClick={() => onChoose(i)}
        >
          <bdi>{text}</bdi>
        </button>
      ))}
    </fieldset>
  );
}
