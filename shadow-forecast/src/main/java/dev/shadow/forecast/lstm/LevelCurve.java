package dev.shadow.forecast.lstm;

/** Reads a quantile at any level off those at the eleven levels of {@link QuantileHead}. */
final class LevelCurve {
    private LevelCurve() {}

    /**
     * The quantile at a level: linear in the normal score of the level between two known ones, and along the outermost
     * two beyond them.
     */
    static double at(double[] quantiles, double level) {
        double[] levels = QuantileHead.LEVELS;
        int above = 1;
        while (above < levels.length - 1 && levels[above] < level) {
            above++;
        }
        if (level == levels[above]) {
            return quantiles[above];
        }
        if (level == levels[above - 1]) {
            return quantiles[above - 1];
        }
        double low = score(levels[above - 1]);
        double share = (score(level) - low) / (score(levels[above]) - low);
        return quantiles[above - 1] + share * (quantiles[above] - quantiles[above - 1]);
    }

    /** Logit, close to proportional to the normal score in the middle and steeper in the tails, hence cautious. */
    private static double score(double level) {
        return Math.log(level / (1 - level));
    }
}
