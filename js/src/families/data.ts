/** Views of the table itself; its header and slices are for examples that no model has seen. */

import area from "../style/area.css";
import style from "../style/distribution.css";
import { Distribution } from "../views/distribution.tsx";
import { Labels } from "../views/labels.tsx";
import { Shares } from "../views/shares.tsx";

export const family = {
  views: { header: Labels, distribution: Distribution, slices: Shares },
  style: `${area}${style}`,
};
