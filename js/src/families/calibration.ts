/** How often predictions of each confidence are right. */

import style from "../style/calibration.css";
import { Calibration } from "../views/calibration.tsx";

export const family = { views: { calibration: Calibration }, style };
