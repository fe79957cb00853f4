package dev.shadow.forecast.ensemble;

/** Expects the last value for every step: the random walk. */
final class LastValue implements PointMethod {
    private double last = Double.NaN;

    @Override
    public void observe(double value) {
        last = Double.isNaN(value) ? last : value;
    }

    @Override
    public double ahead(int h) {
        return last;
    }

    @Override
    public LastValue copy() {
        LastValue twin = new LastValue();
        twin.last = last;
        return twin;
    }
}
