import * as Plot from "@observablehq/plot"; Plot.plot({});
