/** Two numbers of each row. */

import area from "../style/area.css";
import style from "../style/scatter.css";
import { Scatter } from "../views/scatter.tsx";

export const family = { views: { scatter: Scatter }, style: `${area}${style}` };
