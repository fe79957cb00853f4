package dev.shadow.forecast.stream;

import org.jspecify.annotations.Nullable;

/** Reads the distribution of the steps ahead from a state, each sketch once. Used for one forecast by one thread. */
final class StreamReading {
    private final Distances distances;
    private final LevelMember[] members;
    private final Mixture mixture;
    private final double[] levels;
    private final double[][] histograms;
    private final double[] histogramMeans;
    private final @Nullable Row[][] rows;

    /** Errors of one member at one distance. */
    private static final class Row {
        private final double[] quantiles;
        private final double mean;

        private Row(double[] quantiles, double mean) {
            this.quantiles = quantiles;
            this.mean = mean;
        }
    }

    StreamReading(Distances distances, SketchBank values, LevelMember[] members, Mixture mixture, double[] levels) {
        this.distances = distances;
        this.members = members;
        this.mixture = mixture;
        this.levels = levels;
        histograms = new double[values.count()][levels.length];
        histogramMeans = new double[values.count()];
        for (int k = 0; k < histograms.length; k++) {
            values.quantiles(k, levels, histograms[k], 0);
            histogramMeans[k] = values.mean(k);
        }
        rows = new Row[members.length][distances.size()];
    }

    /** Fills a row per step; deviations from the first member are averaged, so that equal views are kept exactly. */
    void read(double[][] quantiles, double[] means) {
        for (int i = 0; i < means.length; i++) {
            int h = i + 1;
            means[i] = histogramMeans[0];
            System.arraycopy(histograms[0], 0, quantiles[i], 0, levels.length);
            for (int k = 1; k < histograms.length; k++) {
                add(k, h, histograms[k], histogramMeans[k], 0, quantiles[i], means);
            }
            for (int k = 0; k < members.length; k++) {
                addMember(k, h, quantiles[i], means);
            }
        }
    }

    private void addMember(int k, int h, double[] quantiles, double[] means) {
        LevelMember member = members[k];
        int above = distances.atOrAbove(h);
        int below = distances.below(above, h);
        double share = distances.share(below, above, h);
        double point = mix(member.point(below, h), member.point(above, h), share);
        Row near = row(k, below);
        Row far = row(k, above);
        int known = distances.step(above);
        double widening = h <= known ? 1 : 1 + member.kept(above) * (Math.sqrt((double) h / known) - 1);
        double[] row = new double[levels.length];
        for (int q = 0; q < levels.length; q++) {
            row[q] = widening * mix(near.quantiles[q], far.quantiles[q], share);
        }
        add(histograms.length + k, h, row, mix(near.mean, far.mean, share), point, quantiles, means);
    }

    private void add(int k, int h, double[] row, double mean, double point, double[] quantiles, double[] means) {
        for (int q = 0; q < levels.length; q++) {
            quantiles[q] += mixture.weight(k, levels[q], h) * (point + row[q] - histograms[0][q]);
        }
        means[h - 1] += mixture.weight(k, 0.5, h) * (point + mean - histogramMeans[0]);
    }

    private Row row(int k, int d) {
        Row known = rows[k][d];
        if (known == null) {
            double[] quantiles = new double[levels.length];
            members[k].errors().quantiles(d, levels, quantiles, 0);
            known = new Row(quantiles, members[k].errors().mean(d));
            rows[k][d] = known;
        }
        return known;
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }
}
