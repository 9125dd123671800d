/** Numbers of training as the interface writes them. */

import { count } from "./format.ts";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `0.342`, `1,240`, `3×10⁻⁵`: a value in three digits; an em dash where there is none. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Number(Math.abs(value).toPrecision(3));
  const sign = value < 0 ? "−" : "";
  if (size === 0) return "0";
  if (size >= 1e7 || size < 1e-4) {
    const [digits, power] = size.toExponential().split("e") as [string, string];
    return `${sign}${digits === "1" ? "" : `${digits}×`}${powerText(Number(power))}`;
  }
  if (size >= 100) return sign + count(Math.round(Math.abs(value)));
  return sign + String(size);
}

/** A name in a line of other text: what is longer than a reader takes in is cut. */
export function brief(text: string, most = 60): string {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

/** `10⁻³`. */
export function powerText(power: number): string {
  const digits = [...String(Math.abs(power))].map((digit) => RAISED[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}

/** `820`, `1.18×10²¹`: a step, which may be a fraction of one. */
export function stepText(step: number): string {
  if (Math.abs(step) >= 1e12) return figure(step);
  return Number.isInteger(step) ? count(step) : String(Number(step.toPrecision(6)));
}

/** `41 s`, `12 min`, `3 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = String(minutes % 60).padStart(2, "0");
  return hours < 48 ? `${hours} h ${rest} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
