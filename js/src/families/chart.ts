/** Charts of the user's own; `display/bundle.py` has the same names. */

import style from "../style/chart.css";
import { chartView } from "../views/chart.tsx";

const PLACES = ["chart", "chart-2", "chart-3", "chart-4"];

export const family = {
  views: Object.fromEntries(PLACES.map((name, place) => [name, chartView(place)])),
  style,
};
