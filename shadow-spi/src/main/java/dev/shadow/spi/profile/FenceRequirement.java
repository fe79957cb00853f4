package dev.shadow.spi.profile;

/** What an automatic or ordered failover does when nobody confirms that the old primary is fenced. */
public enum FenceRequirement {
    /** It stops and says so: two active primaries are worse than none. */
    CONFIRMED,
    /**
     * It goes on when the fence could be asked but not be confirmed. The replica and the traffic director
     * still refuse the old generation; an old primary that lives on serves stale data to those who reach
     * it directly.
     */
    BEST_EFFORT
}
