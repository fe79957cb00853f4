package dev.shadow.spi.failover;

import dev.shadow.spi.HostId;
import dev.shadow.spi.internal.Checks;
import java.time.Instant;
import java.util.List;

/**
 * What a failure detector holds of a host.
 *
 * @param host the host
 * @param verdict the verdict
 * @param since when the verdict was reached
 * @param reasons what it rests on, for a person; at least one unless {@code ALIVE}
 */
public record HostHealth(HostId host, Verdict verdict, Instant since, List<String> reasons) {
    public HostHealth {
        Checks.present("host", host);
        Checks.present("verdict", verdict);
        Checks.present("since", since);
        reasons = Checks.list("reasons", reasons);
        if (reasons.isEmpty() && verdict != Verdict.ALIVE) {
            throw Checks.refused("reasons", reasons, "have at least one entry for verdict " + verdict);
        }
    }

    /** What is held of a host. */
    public enum Verdict {
        /** It answered within its deadline. */
        ALIVE,
        /** It is late; nothing new is put there, nothing is moved away. */
        SUSPECT,
        /** It is taken for dead; its virtual machines fail over. */
        DEAD,
        /** Nothing is known, because it was never heard of or the observer itself is cut off. */
        UNKNOWN
    }
}
