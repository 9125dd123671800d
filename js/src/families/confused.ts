/** Views of more classes than a grid has room for. */

import style from "../style/confused.css";
import { Confused } from "../views/confused.tsx";
import { Totals } from "../views/confused-header.tsx";

export const family = { views: { pairs: Confused, totals: Totals }, style };
