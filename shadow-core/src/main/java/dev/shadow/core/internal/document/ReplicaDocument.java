package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** A shadow replica as JSON. Every field is required but {@code reason}, {@code detail} and what may be unknown. */
public final class ReplicaDocument {
    private ReplicaDocument() {}

    /** Returns the replica as a JSON object. */
    public static ObjectNode write(ShadowReplica replica) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", replica.id().value());
        node.put("vm", replica.vm().value());
        node.put("host", replica.host().value());
        node.put("tier", replica.tier().name());
        node.put("order", replica.order());
        node.put("state", replica.state().name());
        node.put("generation", replica.generation().value());
        node.set("sync", write(replica.sync()));
        node.set("performance", write(replica.performance()));
        node.put("since", replica.since().toString());
        node.put("reason", replica.reason());
        return node;
    }

    private static ObjectNode write(SyncStatus sync) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("phase", sync.phase().name());
        node.put("generation", sync.generation().value());
        sync.committedEpoch().ifPresent(epoch -> node.put("committedEpoch", epoch));
        sync.committedAt().ifPresent(at -> node.put("committedAt", at.toString()));
        node.put("lagBytes", sync.lagBytes());
        node.put("lag", sync.lag().toString());
        node.put("bytesPerSecond", sync.bytesPerSecond());
        sync.eta().ifPresent(eta -> node.put("eta", eta.toString()));
        node.put("sentBytes", sync.sentBytes());
        node.put("observedAt", sync.observedAt().toString());
        node.put("detail", sync.detail());
        return node;
    }

    private static ObjectNode write(PerformanceMetrics performance) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("seedBytes", performance.seedBytes());
        performance.warmUp().ifPresent(warmUp -> node.put("warmUp", warmUp.toString()));
        node.put("replicationBytesPerSecond", performance.replicationBytesPerSecond());
        node.put("worstLag", performance.worstLag().toString());
        performance.activation().ifPresent(activation -> node.put("activation", activation.toString()));
        return node;
    }

    static ShadowReplica read(Fields fields) {
        InstanceId id = fields.identity("id", InstanceId.of("id"), InstanceId::of);
        VmId vm = fields.identity("vm", VmId.of("vm"), VmId::of);
        HostId host = fields.identity("host", HostId.of("host"), HostId::of);
        Tier tier = fields.requiredName("tier", Tier.class);
        int order = fields.requiredNumber("order");
        ReplicaState state = fields.requiredName("state", ReplicaState.class);
        Generation generation = generation(fields);
        SyncStatus sync = fields.object("sync", ReplicaDocument::readSync);
        PerformanceMetrics performance = fields.object("performance", ReplicaDocument::readPerformance);
        Instant since = fields.requiredInstant("since");
        String reason = fields.text("reason", "");
        fields.refuseOthers();
        ShadowReplica otherwise = placeholder(id, vm, host, tier);
        fields.checked("order", order, 0, v -> placeholder(id, vm, host, tier, v));
        return built(
                fields,
                otherwise,
                () -> new ShadowReplica(
                        id, vm, host, tier, order, state, generation, sync, performance, since, reason));
    }

    private static ShadowReplica placeholder(InstanceId id, VmId vm, HostId host, Tier tier) {
        return placeholder(id, vm, host, tier, 0);
    }

    private static ShadowReplica placeholder(InstanceId id, VmId vm, HostId host, Tier tier, int order) {
        return new ShadowReplica(
                id,
                vm,
                host,
                tier,
                order,
                ReplicaState.WARMING,
                Generation.INITIAL,
                SyncStatus.opened(Generation.INITIAL, Instant.EPOCH),
                PerformanceMetrics.NONE,
                Instant.EPOCH,
                "");
    }

    private static Generation generation(Fields fields) {
        long value = fields.requiredLong("generation");
        try {
            return Generation.of(value);
        } catch (InvalidValueException refused) {
            fields.refuse("generation", refused.value(), refused.allowed());
            return Generation.INITIAL;
        }
    }

    private static SyncStatus readSync(Fields fields) {
        SyncPhase phase = fields.requiredName("phase", SyncPhase.class);
        Generation generation = generation(fields);
        Optional<Long> epoch = fields.optionalLong("committedEpoch");
        Optional<Instant> committedAt = fields.optionalInstant("committedAt");
        long lagBytes = fields.requiredLong("lagBytes");
        Duration lag = fields.requiredDuration("lag");
        double rate = fields.requiredDecimal("bytesPerSecond");
        Optional<Duration> eta = fields.optionalDuration("eta");
        long sentBytes = fields.requiredLong("sentBytes");
        Instant observedAt = fields.requiredInstant("observedAt");
        String detail = fields.text("detail", "");
        fields.refuseOthers();
        OptionalLong committed = epoch.isPresent() ? OptionalLong.of(epoch.get()) : OptionalLong.empty();
        return built(
                fields,
                SyncStatus.opened(Generation.INITIAL, Instant.EPOCH),
                () -> new SyncStatus(
                        phase,
                        generation,
                        committed,
                        committedAt,
                        lagBytes,
                        lag,
                        rate,
                        eta,
                        sentBytes,
                        observedAt,
                        detail));
    }

    private static PerformanceMetrics readPerformance(Fields fields) {
        long seedBytes = fields.requiredLong("seedBytes");
        Optional<Duration> warmUp = fields.optionalDuration("warmUp");
        double rate = fields.requiredDecimal("replicationBytesPerSecond");
        Duration worstLag = fields.requiredDuration("worstLag");
        Optional<Duration> activation = fields.optionalDuration("activation");
        fields.refuseOthers();
        return built(
                fields,
                PerformanceMetrics.NONE,
                () -> new PerformanceMetrics(seedBytes, warmUp, rate, worstLag, activation));
    }

    private static <T> T built(Fields fields, T otherwise, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (InvalidValueException refused) {
            fields.refuse(refused);
            return otherwise;
        }
    }
}
