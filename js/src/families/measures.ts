/** Measures by name, of scikit-learn and of the user. */

import style from "../style/measures.css";
import { Measures } from "../views/measures.tsx";

export const family = { views: { measures: Measures }, style };
