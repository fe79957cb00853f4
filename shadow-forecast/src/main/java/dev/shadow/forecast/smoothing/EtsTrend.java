package dev.shadow.forecast.smoothing;

/** How exponential smoothing goes on from its level. */
public enum EtsTrend {
    /** It stays. */
    NONE(0),
    /** It goes on by a step that fades. */
    DAMPED(2),
    /** It goes on by the same step. */
    ADDITIVE(1);

    private final int parameters;

    EtsTrend(int parameters) {
        this.parameters = parameters;
    }

    int parameters() {
        return parameters;
    }
}
