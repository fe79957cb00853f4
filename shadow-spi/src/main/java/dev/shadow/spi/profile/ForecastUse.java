package dev.shadow.spi.profile;

/** What a predictive trigger may do with its forecast. */
public enum ForecastUse {
    /** It acts on the forecast. */
    ACT,
    /**
     * It acts once the forecast has proven itself on the past of this signal, by the manager's bar; until then it is
     * withheld, with its accuracy.
     */
    ACT_ONCE_PROVEN,
    /** It never acts; what it would have done is told with its accuracy. */
    OBSERVE
}
