/** Views of outcomes that are no class: a regression, or any loss per row. */

import style from "../style/losses.css";
import { LossSlices } from "../views/loss-slices.tsx";
import { Losses } from "../views/losses.tsx";
import { Scores } from "../views/scores.tsx";

export const family = { views: { header: Scores, losses: Losses, slices: LossSlices }, style };
