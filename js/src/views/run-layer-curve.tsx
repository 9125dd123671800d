/** The curve of one layer's statistic, below the heat map. */

import { useMemo } from "preact/hooks";
import { useWidth } from "../charts/axis.tsx";
import type { Heat } from "../charts/run-heat.ts";
import { CurveYAxis, curvePlot, labelRoom } from "../charts/run-scale.tsx";
import { Buckets } from "../core/buckets.ts";
import { visible } from "../core/highlight.ts";
import { statText, statTitle } from "../core/layers.ts";
import { extentY, type Series } from "../core/series.ts";
import { Lines } from "./run-chart.tsx";
import type { Model } from "./run-model.ts";

const HEIGHT = 80;

interface Props {
  model: Model;
  heat: Heat;
  layer: number;
  name: string;
  stat: string;
}

export function LayerCurve({ model, heat, layer, name, stat }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { x, ruler } = model.drawn.value;
  const { values, steps, layers, shading } = heat;
  const curve = useMemo(() => {
    const made = new Buckets();
    const own = Array.from(steps, (_, i) => values[i * layers + layer] as number);
    made.append(steps, own, new Float32Array(steps.length));
    return made;
  }, [values, steps, layers, layer]);
  const log = shading.kind === "log";
  const series: Series = {
    run: 0,
    metric: name,
    part: "",
    label: name,
    words: name,
    color: "--run-validation",
    dash: [],
    dots: true,
    strong: true,
    curve,
    xs: ruler.xs(curve),
    smooth: curve.mean,
    window: 1,
  };
  const room = labelRoom(width);
  const plot = curvePlot(Math.max(80, width - room), HEIGHT, x, extentY([series], x, log), log);
  const end = curve.size - 1;
  const said =
    end < 0
      ? "not known at any step"
      : `from ${statText(stat, curve.mean[0] as number)} to ${statText(stat, curve.mean[end] as number)}`;
  return (
    <div class="layer-curve">
      <p>
        <b>
          <bdi>{visible(name)}</bdi>
        </b>{" "}
        <span class="soft">
          {statTitle(stat)}, {said}
        </span>
      </p>
      <div class="run-chart" ref={ref} style={{ height: plot.height }}>
        {width > 0 && (
          <>
            <svg width={plot.width} height={plot.height} role="img" aria-label={visible(`${name}: ${said}`)}>
              <CurveYAxis plot={plot} log={log} few={3} />
            </svg>
            <Lines model={model} plot={plot} series={[series]} />
          </>
        )}
      </div>
    </div>
  );
}
