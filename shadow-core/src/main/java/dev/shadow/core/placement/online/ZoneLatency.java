package dev.shadow.core.placement.online;

import dev.shadow.spi.FailureDomain;
import java.time.Duration;

/** Latency between zones. */
@FunctionalInterface
public interface ZoneLatency {
    /** Returns the one-way latency between the zones of two places; asked once for every pair of zones. */
    Duration between(FailureDomain from, FailureDomain to);
}
