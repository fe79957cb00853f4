package dev.shadow.forecast.failure;

/** One number of one unit, followed from reading to reading. A missing reading is passed over. */
final class Past {
    private static final double FADE = Math.sqrt(0.5);

    private double first = Double.NaN;
    private double before = Double.NaN;
    private double largestRise;
    private double recentRise;
    private int rises;
    private int sinceRise = -1;
    private double step = Double.NaN;

    void forget() {
        first = Double.NaN;
        before = Double.NaN;
        step = Double.NaN;
        largestRise = 0;
        recentRise = 0;
        rises = 0;
        sinceRise = -1;
    }

    void read(double value) {
        recentRise *= FADE;
        sinceRise += sinceRise < 0 ? 0 : 1;
        step = value - before;
        if (Double.isNaN(value)) {
            return;
        }
        if (Double.isNaN(first)) {
            first = value;
        }
        if (step > 0) {
            largestRise = Math.max(largestRise, step);
            recentRise += step;
            rises++;
            sinceRise = 0;
        }
        before = value;
    }

    /** @param value the newest reading */
    double of(Aspect aspect, double value) {
        return switch (aspect) {
            case READ -> value;
            case STEP -> step;
            case SINCE_FIRST -> value - first;
            case RECENT_RISE -> recentRise;
            case LARGEST_RISE -> largestRise;
            case RISES -> rises;
            case SINCE_RISE -> sinceRise < 0 ? Double.NaN : sinceRise;
            default -> throw new IllegalArgumentException(aspect + " is not an aspect of a number's past");
        };
    }
}
