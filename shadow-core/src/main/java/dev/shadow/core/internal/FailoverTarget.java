package dev.shadow.core.internal;

import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.Serving;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says which replica takes over from a primary, and why the others cannot. Owned by the work on one machine. */
final class FailoverTarget {
    private final VmContext context;
    private final Serving from;

    FailoverTarget(VmContext context, Serving from) {
        this.context = context;
        this.from = from;
    }

    /** In sync first, then the order of activation, then the least lag; never on a host that is suspected. */
    Optional<ReplicaEntry> best() throws StoreException {
        List<Ranked> ranked = new ArrayList<>();
        for (ReplicaEntry entry : context.entries) {
            if (whyNot(entry).isEmpty()) {
                Duration lag = context.watch
                        .session(entry.replica.id())
                        .map(session -> session.status().lag())
                        .orElse(entry.replica.sync().lag());
                ranked.add(new Ranked(entry, context.records.isInSync(entry.replica.id()), lag));
            }
        }
        return ranked.stream()
                .min(Comparator.comparing((Ranked r) -> !r.inSync())
                        .thenComparing(r -> r.entry().replica.order())
                        .thenComparing(Ranked::lag)
                        .thenComparing(r -> r.entry().replica.id()))
                .map(Ranked::entry);
    }

    private record Ranked(ReplicaEntry entry, boolean inSync, Duration lag) {}

    /** Whether a replica could take over in the place of the one at {@code given}. */
    boolean hasOtherThan(Serving given) {
        return context.entries.stream()
                .anyMatch(entry -> !entry.place().equals(given) && whyNot(entry).isEmpty());
    }

    private Optional<String> whyNot(ReplicaEntry entry) {
        if (!entry.isReady()) {
            return Optional.of("is " + (entry.isLive() ? entry.replica.state().name() : "being removed"));
        }
        if (entry.place().equals(from) || entry.replica.host().equals(from.host())) {
            return Optional.of("stands on the primary's host");
        }
        Verdict verdict = context.verdict(entry.replica.host());
        boolean usable = verdict == Verdict.ALIVE || verdict == Verdict.UNKNOWN;
        return usable
                ? Optional.empty()
                : Optional.of("stands on host " + entry.replica.host() + ", which is " + verdict);
    }

    /** Why no replica can take over. */
    String whyNone() {
        List<String> reasons = new ArrayList<>();
        for (ReplicaEntry entry : context.entries) {
            whyNot(entry).ifPresent(why -> reasons.add(entry.replica.id() + " " + why));
        }
        return reasons.isEmpty() ? "there is no shadow" : "no shadow can be activated: " + String.join(", ", reasons);
    }
}
