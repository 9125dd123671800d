/** Text as it is shown: what was searched is marked, what cannot be seen is named. */

/** `control` is shown as `shown` and copied as `text`; `quiet` are the usual ones: line ends and tabs. */
export interface Piece {
  text: string;
  shown: string | null;
  quiet: boolean;
}

export interface Segment {
  mark: boolean;
  pieces: Piece[];
}

/** Controls, formats and fillers; Arabic number signs are formats that can be seen. */
const UNSEEN =
  /(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2])(?:[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f)/gu;
// Asked of one character each: before a $, Chromium 156 finds no astral character in a class.
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{e0020}-\u{e007f}]|\ufe0f/u;
const LETTER = /[\p{L}\p{M}]/u;
const UNJOINED =
  /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hebrew}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u;
const QUIET: Record<string, string> = { "\n": "⏎", "\t": "⇥" };
const MOST_MATCHES = 500;

/** The text in pieces, the first 500 matches of `needle` marked, whatever their case. */
export function segments(text: string, needle: string): Segment[] {
  const found: Segment[] = [];
  let end = 0;
  const add = (from: number, to: number, mark: boolean): void => {
    if (to > from) found.push({ mark, pieces: pieces(text.slice(from, to)) });
  };
  for (const [from, to] of matches(text, needle, MOST_MATCHES)) {
    add(end, from, false);
    add(from, to, true);
    end = to;
  }
  add(end, text.length, false);
  return found;
}

/** Where `needle` stands in a text, as [from, to) in UTF-16 units. */
export function matches(text: string, needle: string, most: number): [number, number][] {
  const wanted = needle.toLowerCase();
  if (wanted === "") return [];
  const { lower, at } = lowered(text);
  const found: [number, number][] = [];
  for (
    let i = lower.indexOf(wanted);
    i >= 0 && found.length < most;
    i = lower.indexOf(wanted, i + wanted.length)
  ) {
    found.push([at(i), at(i + wanted.length)]);
  }
  return found;
}

/** The text in lower case, and where each of its characters came from: İ becomes two. */
function lowered(text: string): { lower: string; at: (i: number) => number } {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return { lower, at: (i) => i };
  const origin: number[] = [];
  let own = "";
  let from = 0;
  for (const character of text) {
    const small = character.toLowerCase();
    for (let k = 0; k < small.length; k++) origin.push(from);
    own += small;
    from += character.length;
  }
  return { lower: own, at: (i) => origin[i] ?? text.length };
}

/** A text split at its unseen characters. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(UNSEEN)) {
    const [character] = match;
    if (belongs(text, match.index, character)) continue;
    if (match.index > end) found.push(plain(text.slice(end, match.index)));
    found.push({ text: character, shown: QUIET[character] ?? nameOf(character), quiet: character in QUIET });
    end = match.index + character.length;
  }
  if (end < text.length) found.push(plain(text.slice(end)));
  return found;
}

function plain(text: string): Piece {
  return { text, shown: null, quiet: false };
}

/** Joiners and tags inside an emoji, and joiners in the scripts that are written with them, are part of the letter. */
function belongs(text: string, at: number, character: string): boolean {
  const joiner = character === "\u200d" || character === "\u200c";
  const tag = (character.codePointAt(0) ?? 0) >= 0xe0020;
  if (!joiner && !tag) return false;
  const before = characterBefore(text, at);
  return PICTURE.test(before) || (joiner && LETTER.test(before) && !UNJOINED.test(before));
}

function characterBefore(text: string, at: number): string {
  return text.slice(inside(text, at - 1) ? at - 2 : Math.max(0, at - 1), at);
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** As a plain string, for a name that is read aloud or a tooltip. */
export function visible(text: string): string {
  return pieces(text)
    .map((piece) => piece.shown ?? piece.text)
    .join("");
}

/** What a clipped cell shows of a text: from the start, or from shortly before the first match that would be cut off. */
export function excerpt(text: string, needle: string, fits: number): string {
  const room = Math.max(24, fits);
  const [first] = needle === "" ? [] : matches(text, needle, 1);
  const from = first && first[1] > room ? Math.max(0, first[0] - Math.floor(room / 3)) : 0;
  const start = inside(text, from) ? from + 1 : from;
  const end = start + 3 * room + 40;
  const cut = text.slice(start, inside(text, end) ? end + 1 : end);
  return `${start > 0 ? "…" : ""}${cut}${end < text.length ? "…" : ""}`;
}

/** Whether a position lies between the two halves of one character. */
function inside(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff;
}
