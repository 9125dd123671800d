/** Views of the table itself, whatever a model says of it. */

import style from "../style/distribution.css";
import { Distribution } from "../views/distribution.tsx";

export const family = { views: { distribution: Distribution }, style };
