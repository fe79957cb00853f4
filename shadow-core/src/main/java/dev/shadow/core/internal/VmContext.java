package dev.shadow.core.internal;

import dev.shadow.core.internal.document.FailoverRun;
import dev.shadow.core.internal.document.ReplicaEntry;
import dev.shadow.core.internal.document.Serving;
import dev.shadow.core.internal.document.VmState;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the work on one virtual machine needs, as loaded for one turn. Owned by that work. */
final class VmContext {
    final Parts parts;
    final Records records;
    final SyncWatch watch;
    final EventHub hub;
    final VmId vm;
    final Optional<PlacementProfile> profile;
    final VmState state;
    final List<ReplicaEntry> entries;
    final List<String> actions = new ArrayList<>();
    final List<String> problems = new ArrayList<>();

    /** Problems that were told as events, kept over turns. */
    private final Set<String> told;

    Optional<FailoverRun> run;

    VmContext(Parts parts, Records records, SyncWatch watch, EventHub hub, VmId vm, Set<String> told)
            throws StoreException {
        this.parts = parts;
        this.records = records;
        this.watch = watch;
        this.hub = hub;
        this.vm = vm;
        this.told = told;
        this.profile = records.profile(vm);
        this.state = records.vm(vm);
        this.entries = records.replicas(vm);
        this.run = records.failover(vm);
        run.ifPresent(r -> {
            if (state.issued.isOlderThan(r.generation)) {
                state.issued = r.generation;
            }
            state.nextFailover = Math.max(state.nextFailover, r.number + 1);
        });
        // A replica is recorded before the machine that counts them.
        for (ReplicaEntry entry : entries) {
            state.nextReplica = Math.max(state.nextReplica, ReplicaIds.numberOf(entry.replica.id()) + 1);
        }
    }

    Instant now() {
        return parts.clock().instant();
    }

    CallContext call(String what, Generation generation) {
        return CallContext.of(shortened(what), generation, parts.config().callTimeout());
    }

    private static String shortened(String key) {
        return key.length() <= 200 ? key : key.substring(0, 180) + "~" + Integer.toHexString(key.hashCode());
    }

    /** The generation that nobody who has heard of an attempted failover refuses. */
    Generation highest() {
        return state.issued.isOlderThan(state.generation) ? state.generation : state.issued;
    }

    Optional<ReplicaEntry> entry(Serving place) {
        return entries.stream().filter(entry -> entry.place().equals(place)).findFirst();
    }

    Verdict verdict(HostId host) {
        return parts.failureDetector().health(host).verdict();
    }

    void action(String text) {
        actions.add(text);
    }

    void tell(ShadowEvent event) {
        hub.tell(event);
    }

    /** Reports a problem in this turn, and as an event if the turn before did not have it. */
    void problem(String text) {
        problems.add(text);
        if (told.add(text)) {
            hub.tell(new ShadowEvent.ProblemReported(now(), vm, text));
        }
    }

    void forgetSolvedProblems() {
        told.retainAll(new HashSet<>(problems));
    }

    /** Records a replica in another state and tells of it. */
    void change(ReplicaEntry entry, ReplicaState next, String why) throws StoreException {
        ReplicaState before = entry.replica.state();
        entry.replica = entry.replica.in(next, now(), why);
        records.save(entry);
        action(entry.replica.id() + " " + before + " -> " + next + (why.isEmpty() ? "" : ": " + why));
        tell(new ShadowEvent.ReplicaChanged(now(), entry.replica, Optional.of(before)));
    }

    void save(ReplicaEntry entry, ShadowReplica replica) throws StoreException {
        entry.replica = replica;
        records.save(entry);
    }
}
