/** What was found wrong. */

import style from "../style/findings.css";
import { Findings } from "../views/findings.tsx";

export const family = { views: { findings: Findings }, style };
