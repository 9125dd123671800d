/** What shows a saved output at the checkpoints of a training. */

import style from "../style/checkpoint.css";
import { Checkpoint } from "../views/checkpoints.tsx";

export const family = { views: { note: Checkpoint }, style };
