package dev.shadow.core.detect;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;

/**
 * How a {@link HeartbeatFailureDetector} judges.
 *
 * <p>A probe that fails counts one point, or two when the connection was refused outright; an answer
 * clears them. With the defaults a host that refuses is dead after two probes, about a second and a
 * half after its last answer at the worst, and one that is silent after about six seconds.
 *
 * @param interval time between two probes of a host that answers, more than zero
 * @param timeout how long a probe may take, more than zero
 * @param recheck time until the next probe of a host that did not answer, more than zero
 * @param suspectAt points at which a host is suspect, at least 1
 * @param deadAt points at which a host is dead, above {@code suspectAt} and at least 3, so that one probe
 *     never kills
 */
public record HeartbeatSettings(Duration interval, Duration timeout, Duration recheck, int suspectAt, int deadAt) {
    /** A second between probes, a second for each, a quarter until the next; suspect at 1, dead at 4. */
    public static final HeartbeatSettings DEFAULTS =
            new HeartbeatSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(250), 1, 4);

    public HeartbeatSettings {
        positive("interval", interval);
        positive("timeout", timeout);
        positive("recheck", recheck);
        if (suspectAt < 1) {
            throw new InvalidValueException("suspectAt", Integer.toString(suspectAt), "be at least 1");
        }
        if (deadAt <= suspectAt || deadAt < 3) {
            throw new InvalidValueException(
                    "deadAt", Integer.toString(deadAt), "be at least 3 and above suspectAt " + suspectAt);
        }
    }

    private static void positive(String field, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new InvalidValueException(field, value.toString(), "be more than zero");
        }
    }

    /** The longest time that a host which falls silent is held for alive or suspect. */
    public Duration longestDetection() {
        return interval.plus(timeout.plus(recheck).multipliedBy(deadAt));
    }
}
