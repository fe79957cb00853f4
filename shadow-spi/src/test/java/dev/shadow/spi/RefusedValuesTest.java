package dev.shadow.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.PowerState;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.metrics.Sample;
import dev.shadow.spi.placement.FleetSnapshot;
import dev.shadow.spi.placement.HostAssessment;
import dev.shadow.spi.placement.LicenseStock;
import dev.shadow.spi.placement.LicenseTerms;
import dev.shadow.spi.placement.Rejection;
import dev.shadow.spi.placement.Selection;
import dev.shadow.spi.placement.SelectionRequest;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.StepHook;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.store.Lease;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every record refuses nonsense, and names the field, the value and what is allowed. */
class RefusedValuesTest {
    private static final String IDENTIFIER =
            "be 1 to 128 letters, digits, '.', '_' or '-', starting with a letter or a digit";
    private static final Duration BEFORE_ZERO = Duration.ofMillis(-1);

    static Stream<Arguments> referenceComponents() {
        return Examples.all().stream()
                .flatMap(record -> Arrays.stream(record.getClass().getRecordComponents())
                        .filter(component -> !component.getType().isPrimitive())
                        .map(component -> arguments(record, component)));
    }

    @ParameterizedTest
    @MethodSource("referenceComponents")
    void refusesAMissingComponent(Record record, RecordComponent component) {
        Throwable thrown = catchThrowable(() -> Rebuilt.with(record, component.getName(), null));
        assertThat(thrown).isInstanceOf(InvalidValueException.class);
        InvalidValueException refused = (InvalidValueException) thrown;
        assertThat(refused.value()).isEqualTo("missing");
        assertThat(refused).hasMessage(refused.field() + " must " + refused.allowed() + ", was missing");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                        identifiers(VmId.class, "value", "vm"),
                        identifiers(HostId.class, "value", "host"),
                        identifiers(InstanceId.class, "value", "instance"),
                        identifiers(FailureDomain.class, "region", "region"),
                        identifiers(FailureDomain.class, "zone", "zone"),
                        identifiers(FailureDomain.class, "rack", "rack"),
                        identifiers(FailureDomain.class, "host", "host"),
                        identifiers(LicenseDemand.class, "product", "product"),
                        identifiers(StepHook.class, "function", "function"),
                        identifiers(RecordKey.class, "kind", "kind"),
                        identifiers(RecordKey.class, "id", "id"),
                        identifiers(Lease.class, "resource", "resource"),
                        identifiers(Lease.class, "owner", "owner"),
                        texts(IdempotencyKey.class, "value", "idempotencyKey", 200),
                        texts(Endpoint.class, "address", "address", 255),
                        texts(FailoverReport.class, "reason", "reason", 1000),
                        texts(FenceReport.class, "confirmedBy", "confirmedBy", 200),
                        texts(FenceReport.class, "evidence", "evidence", 500),
                        texts(FitSummary.class, "method", "method", 100),
                        texts(Rejection.class, "explanation", "explanation", 500),
                        durations(CallContext.class, "timeout", false),
                        durations(SelectionRequest.class, "latencyBudget", false),
                        durations(PlacementProfile.class, "rto", false),
                        durations(PlacementProfile.class, "latencyBudget", false),
                        durations(SyncSpec.class, "writeTimeout", false),
                        durations(FailoverReport.StepReport.class, "duration", true),
                        durations(Trigger.Threshold.class, "holdTime", true),
                        durations(Trigger.Threshold.class, "coolDown", true),
                        durations(Trigger.Predictive.class, "leadTimeFloor", true),
                        durations(Trigger.Predictive.class, "coolDown", true),
                        durations(PerformanceMetrics.class, "worstLag", true),
                        durations(SyncStatus.class, "lag", true),
                        Stream.of("cpuMillis", "memoryBytes", "diskBytes", "networkBitsPerSecond")
                                .map(field -> row(Resources.class, field, -1L, field, "-1", "be at least 0")),
                        percents(Trigger.Threshold.class, "thresholdPercent"),
                        percents(Trigger.Threshold.class, "hysteresisPercent"),
                        percents(Trigger.Predictive.class, "thresholdPercent"),
                        percents(Trigger.Predictive.class, "hysteresisPercent"),
                        Stream.of(0.0, 1.0, Double.NaN)
                                .map(p -> row(
                                        Trigger.Predictive.class,
                                        "probability",
                                        p,
                                        "probability",
                                        p.toString(),
                                        "lie between 0.0 and 1.0, both excluded")),
                        numbers())
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> numbers() {
        return Stream.of(
                row(Endpoint.class, "port", 0, "port", "0", "be from 1 to 65535"),
                row(Endpoint.class, "port", 65_536, "port", "65536", "be from 1 to 65535"),
                row(Generation.class, "value", -1L, "generation", "-1", "be from 0 to " + (1L << 62)),
                row(
                        Generation.class,
                        "value",
                        (1L << 62) + 1,
                        "generation",
                        "" + ((1L << 62) + 1),
                        "be from 0 to " + (1L << 62)),
                row(FailoverReport.StepReport.class, "attempts", 0, "attempts", "0", "be from 1 to 2147483647"),
                row(
                        FailoverReport.class,
                        "endedAt",
                        Examples.NOW.minusSeconds(1),
                        "endedAt",
                        "2025-12-31T23:59:59Z",
                        "not be before detectedAt 2026-01-01T00:00:00Z"),
                row(
                        HostHealth.class,
                        "verdict",
                        HostHealth.Verdict.DEAD,
                        "reasons",
                        "[]",
                        "have at least one entry for verdict DEAD"),
                row(
                        InstanceDescription.class,
                        "power",
                        PowerState.RUNNING,
                        "endpoint",
                        "missing",
                        "be given for a running instance"),
                row(FitOptions.class, "season", OptionalInt.of(0), "season", "0", "be from 1 to 1000000"),
                row(FitOptions.class, "lowerBound", 101.0, "lowerBound", "101.0", "not be above upperBound 100.0"),
                row(FitOptions.class, "lowerBound", Double.NaN, "lowerBound", "NaN", "not be above upperBound 100.0"),
                row(FitSummary.class, "samples", -1, "samples", "-1", "be from 0 to 2147483647"),
                row(
                        HostDescription.class,
                        "costPerHour",
                        -0.5,
                        "costPerHour",
                        "-0.5",
                        "be a finite number of at least 0.0"),
                row(
                        HostDescription.class,
                        "costPerHour",
                        Double.NaN,
                        "costPerHour",
                        "NaN",
                        "be a finite number of at least 0.0"),
                row(
                        HostDescription.class,
                        "licensedProducts",
                        Set.of("a b"),
                        "licensedProducts",
                        "\"a b\"",
                        IDENTIFIER),
                row(HostDescription.class, "dataSets", Set.of("/"), "dataSets", "\"/\"", IDENTIFIER),
                row(HostDescription.class, "sockets", 0, "sockets", "0", "be from 1 to 1024"),
                row(LicenseTerms.class, "minimumUnits", 0, "minimumUnits", "0", "be from 1 to 1000000"),
                row(LicenseTerms.class, "poolUnits", -1, "poolUnits", "-1", "be from 0 to 2147483647"),
                row(
                        LicenseTerms.class,
                        "unitPricePerHour",
                        Double.NaN,
                        "unitPricePerHour",
                        "NaN",
                        "be a finite number of at least 0.0"),
                row(LicenseDemand.class, "units", 0, "units", "0", "be from 1 to 1000000"),
                row(Sample.class, "value", Double.NaN, "value", "NaN", "be a finite number"),
                row(LicenseStock.class, "free", Map.of("p", -1), "free.p", "-1", "be from 0 to 2147483647"),
                row(
                        FleetSnapshot.class,
                        "latencies",
                        Map.of(HostId.of("a"), BEFORE_ZERO),
                        "latencies.a",
                        "PT-0.001S",
                        "be zero or more"),
                row(HostAssessment.class, "scores", Map.of("free", 1.1), "scores.free", "1.1", "be from 0.0 to 1.0"),
                row(HostAssessment.class, "total", -0.1, "total", "-0.1", "be from 0.0 to 1.0"),
                row(Selection.Choice.class, "order", 16, "order", "16", "be from 0 to 15"),
                row(SelectionRequest.class, "tiers", List.of(), "tiers.size", "0", "be from 1 to 16"),
                row(PlacementProfile.class, "shadowCount", -1, "shadowCount", "-1", "be from 0 to 16"),
                row(PlacementProfile.class, "shadowCount", 17, "shadowCount", "17", "be from 0 to 16"),
                row(
                        PlacementProfile.class,
                        "shadowCount",
                        2,
                        "tiers",
                        "[HOST]",
                        "have one entry for each of the 2 shadows"),
                row(
                        PlacementProfile.class,
                        "tiers",
                        Collections.singletonList(null),
                        "tiers[0]",
                        "missing",
                        "be given"),
                row(PlacementProfile.class, "priority", 1001, "priority", "1001", "be from 0 to 1000"),
                row(PlacementProfile.class, "rpo", BEFORE_ZERO, "rpo", "PT-0.001S", "be zero or more"),
                row(
                        PlacementProfile.class,
                        "rpo",
                        Duration.ZERO,
                        "rpo",
                        "PT0S",
                        "be more than zero in asynchronous mode; synchronous mode loses nothing"),
                row(
                        PlacementProfile.class,
                        "syncMode",
                        SyncMode.SYNCHRONOUS,
                        "rpo",
                        "PT5S",
                        "be zero in synchronous mode, which loses nothing"),
                row(PerformanceMetrics.class, "seedBytes", -1L, "seedBytes", "-1", "be at least 0"),
                row(
                        PerformanceMetrics.class,
                        "warmUp",
                        Optional.of(BEFORE_ZERO),
                        "warmUp",
                        "PT-0.001S",
                        "be zero or more"),
                row(
                        PerformanceMetrics.class,
                        "activation",
                        Optional.of(BEFORE_ZERO),
                        "activation",
                        "PT-0.001S",
                        "be zero or more"),
                row(
                        PerformanceMetrics.class,
                        "replicationBytesPerSecond",
                        Double.POSITIVE_INFINITY,
                        "replicationBytesPerSecond",
                        "Infinity",
                        "be a finite number of at least 0.0"),
                row(ShadowReplica.class, "order", -1, "order", "-1", "be from 0 to 15"),
                row(
                        ShadowReplica.class,
                        "sync",
                        SyncStatus.opened(Generation.INITIAL, Examples.NOW),
                        "sync.committedEpoch",
                        "missing",
                        "be given for a replica in state STANDBY"),
                row(StoredRecord.class, "version", 0L, "version", "0", "be at least 1"),
                row(Lease.class, "token", 0L, "token", "0", "be at least 1"),
                row(Promotion.class, "epoch", -1L, "epoch", "-1", "be at least 0"),
                row(Promotion.class, "discardedBytes", -1L, "discardedBytes", "-1", "be at least 0"),
                row(
                        SyncSpec.class,
                        "target",
                        InstanceId.of("instance"),
                        "target",
                        "\"instance\"",
                        "differ from source"),
                row(
                        SyncSpec.class,
                        "targetHost",
                        HostId.of("host"),
                        "targetHost",
                        "\"host\"",
                        "differ from sourceHost"),
                row(SyncSpec.class, "rpo", Duration.ZERO, "rpo", "PT0S", "be more than zero in asynchronous mode"),
                row(SyncStatus.class, "committedEpoch", OptionalLong.of(-1), "committedEpoch", "-1", "be at least 0"),
                row(
                        SyncStatus.class,
                        "committedEpoch",
                        OptionalLong.empty(),
                        "committedAt",
                        "Optional[2026-01-01T00:00:00Z]",
                        "be given exactly when committedEpoch is"),
                row(
                        SyncStatus.class,
                        "committedAt",
                        Optional.empty(),
                        "committedAt",
                        "Optional.empty",
                        "be given exactly when committedEpoch is"),
                row(SyncStatus.class, "lagBytes", -1L, "lagBytes", "-1", "be at least 0"),
                row(SyncStatus.class, "sentBytes", -1L, "sentBytes", "-1", "be at least 0"),
                row(
                        SyncStatus.class,
                        "bytesPerSecond",
                        Double.NaN,
                        "bytesPerSecond",
                        "NaN",
                        "be a finite number of at least 0.0"),
                row(SyncStatus.class, "eta", Optional.of(BEFORE_ZERO), "eta", "PT-0.001S", "be zero or more"),
                row(VerifyReport.class, "epoch", -1L, "epoch", "-1", "be at least 0"),
                row(VerifyReport.class, "comparedBytes", -1L, "comparedBytes", "-1", "be at least 0"),
                row(VerifyReport.ByteRange.class, "offset", -1L, "offset", "-1", "be at least 0"),
                row(VerifyReport.ByteRange.class, "length", 0L, "length", "0", "be at least 1"));
    }

    private static Stream<Arguments> identifiers(Class<?> type, String component, String field) {
        return Stream.of("", "-a", ".a", "a b", "a/b", "../a", "\u00e9", "a".repeat(129))
                .map(text -> row(type, component, text, field, "\"" + text + "\"", IDENTIFIER));
    }

    private static Stream<Arguments> texts(Class<?> type, String component, String field, int max) {
        String tooLong = "x".repeat(max + 1);
        return Stream.of(
                row(type, component, " ", field, "\" \"", "be 1 to " + max + " characters and not blank"),
                row(type, component, tooLong, field, quoted(tooLong), "be 1 to " + max + " characters and not blank"));
    }

    private static String quoted(String text) {
        return "\"" + (text.length() > 160 ? text.substring(0, 160) + "..." : text) + "\"";
    }

    private static Stream<Arguments> durations(Class<?> type, String component, boolean zeroAllowed) {
        return zeroAllowed
                ? Stream.of(row(type, component, BEFORE_ZERO, component, "PT-0.001S", "be zero or more"))
                : Stream.of(
                        row(type, component, Duration.ZERO, component, "PT0S", "be more than zero"),
                        row(type, component, BEFORE_ZERO, component, "PT-0.001S", "be more than zero"));
    }

    private static Stream<Arguments> percents(Class<?> type, String component) {
        return Stream.of(-0.1, 100.1, Double.NaN, Double.POSITIVE_INFINITY)
                .map(value -> row(type, component, value, component, value.toString(), "be from 0.0 to 100.0"));
    }

    private static Arguments row(
            Class<?> type, String component, Object value, String field, String shown, String allowed) {
        return arguments(type, component, value, field, shown, allowed);
    }

    @ParameterizedTest(name = "{0}.{1} = {2}")
    @MethodSource("refused")
    void namesTheFieldTheValueAndWhatIsAllowed(
            Class<? extends Record> type, String component, Object value, String field, String shown, String allowed) {
        Record example =
                Examples.all().stream().filter(type::isInstance).findFirst().orElseThrow();
        InvalidValueException refused =
                catchThrowableOfType(InvalidValueException.class, () -> Rebuilt.with(example, component, value));
        assertThat(refused).as("what the constructor throws").isNotNull();
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.value()).isEqualTo(shown);
        assertThat(refused.allowed()).isEqualTo(allowed);
        assertThat(refused).hasMessage(field + " must " + allowed + ", was " + shown);
    }

    static Stream<Arguments> edges() {
        return Stream.of(
                arguments(Endpoint.class, "port", 1),
                arguments(Endpoint.class, "port", 65_535),
                arguments(VmId.class, "value", "a".repeat(128)),
                arguments(VmId.class, "value", "0.a_b-c"),
                arguments(IdempotencyKey.class, "value", "x".repeat(200)),
                arguments(Generation.class, "value", 1L << 62),
                arguments(PlacementProfile.class, "priority", 0),
                arguments(PlacementProfile.class, "priority", 1000),
                arguments(PlacementProfile.class, "rpo", Duration.ofNanos(1)),
                arguments(Trigger.Threshold.class, "thresholdPercent", 0.0),
                arguments(Trigger.Threshold.class, "thresholdPercent", 100.0),
                arguments(Trigger.Threshold.class, "holdTime", Duration.ZERO),
                arguments(Trigger.Predictive.class, "probability", Double.MIN_VALUE),
                arguments(FitOptions.class, "season", OptionalInt.of(1)),
                arguments(FitOptions.class, "lowerBound", 100.0),
                arguments(Selection.Choice.class, "order", 15),
                arguments(SyncStatus.class, "lagBytes", Long.MAX_VALUE),
                arguments(StoredRecord.class, "document", "x".repeat(StoredRecord.MAX_DOCUMENT)));
    }

    @ParameterizedTest(name = "{0}.{1} = {2}")
    @MethodSource("edges")
    void acceptsTheEdgesOfWhatIsAllowed(Class<? extends Record> type, String component, Object value) throws Throwable {
        Record example =
                Examples.all().stream().filter(type::isInstance).findFirst().orElseThrow();
        assertThat(Rebuilt.with(example, component, value)).isInstanceOf(type);
    }
}
