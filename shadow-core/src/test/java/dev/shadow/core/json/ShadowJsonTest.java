package dev.shadow.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.core.json.InvalidDocumentException.Problem;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Tier;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.FailoverStep;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.FailoverStart;
import dev.shadow.spi.profile.FenceRequirement;
import dev.shadow.spi.profile.ForecastUse;
import dev.shadow.spi.profile.OldPrimary;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.profile.StepHook;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.tck.property.SeededTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShadowJsonTest {
    private static List<Problem> problems(String json) {
        try {
            throw new AssertionError("accepted: " + ShadowJson.readProfile(json));
        } catch (InvalidDocumentException e) {
            return e.problems();
        }
    }

    @Test
    void takesTheBuildersDefaultsForWhatIsLeftOut() {
        VmId vm = VmId.of("web-1");
        assertThat(ShadowJson.readProfile("{\"vm\":\"web-1\"}"))
                .isEqualTo(PlacementProfile.builder(vm).build());
        assertThat(ShadowJson.readProfile("{\"vm\":\"web-1\",\"shadowCount\":2}"))
                .isEqualTo(PlacementProfile.builder(vm).shadows(2, Tier.HOST).build());
        assertThat(ShadowJson.readProfile("{\"vm\":\"web-1\",\"syncMode\":\"SYNCHRONOUS\"}"))
                .isEqualTo(PlacementProfile.builder(vm)
                        .synchronous(LinkLossPolicy.FALL_BACK)
                        .build());
    }

    @Test
    void listsEveryProblemWithItsPathItsValueAndWhatIsAllowed() {
        List<Problem> problems = problems("{\"vm\":\"a b\",\"shadowCount\":-1,\"priority\":\"high\",\"colour\":\"red\","
                + "\"rto\":\"30s\",\"fence\":\"MAYBE\",\"triggers\":[{\"type\":\"threshold\",\"signal\":\"CPU\","
                + "\"thresholdPercent\":80},{\"type\":\"predictive\",\"signal\":\"CPU\",\"thresholdPercent\":140,"
                + "\"probability\":1}]}");
        assertThat(problems)
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "vm",
                        "shadowCount",
                        "priority",
                        "colour",
                        "rto",
                        "fence",
                        "triggers[1].thresholdPercent",
                        "triggers[1].probability");
        assertThat(problems)
                .contains(new Problem("triggers[1].thresholdPercent", "140", "be from 0.0 to 100.0"))
                .contains(new Problem("fence", "\"MAYBE\"", "be one of [CONFIRMED, BEST_EFFORT]"))
                .contains(new Problem("shadowCount", "-1", "be from 0 to 16"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "{",
                "{\"vm\":\"a\"} x",
                "{\"vm\":\"a\",\"vm\":\"b\"}",
                "null",
                "{\"vm\":null}",
                "{}",
                "{\"vm\":\"a\",\"rpo\":\"PT0S\"}",
                "{\"vm\":\"a\",\"rpo\":\"PT-1S\"}",
                "{\"vm\":\"a\",\"rto\":\"PT0S\"}",
                "{\"vm\":\"a\",\"syncMode\":\"SYNCHRONOUS\",\"rpo\":\"PT1S\"}",
                "{\"vm\":\"a\",\"priority\":1001}",
                "{\"vm\":\"a\",\"tiers\":[\"HOST\",\"PLANET\"]}",
                "{\"vm\":\"a\",\"shadowCount\":2,\"tiers\":[\"HOST\"]}",
                "{\"vm\":\"a\",\"shadowCount\":1.5}",
                "{\"vm\":\"a\",\"shadowCount\":99999999999}",
                "{\"vm\":\"a\",\"triggers\":{}}",
                "{\"vm\":\"a\",\"triggers\":[7]}",
                "{\"vm\":\"a\",\"triggers\":[{}]}",
                "{\"vm\":\"a\",\"hooks\":[{\"when\":\"BEFORE\",\"step\":\"FENCE\",\"function\":\"a/b\"}]}",
                "{\"vm\":\"a\",\"rto\":\"PT99999999999999999999S\"}"
            })
    void refusesWhatIsNoProfile(String json) {
        assertThatThrownBy(() -> ShadowJson.readProfile(json))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageStartingWith("placement profile is refused: ")
                .hasMessageContaining("must");
    }

    @SeededTest(runs = 200)
    void readsBackEveryProfileThatItWrote(RandomGenerator random) {
        PlacementProfile profile = anyProfile(random);
        assertThat(ShadowJson.readProfile(ShadowJson.write(profile))).isEqualTo(profile);
    }

    @SeededTest(runs = 200)
    void readsBackEveryReplicaThatItWrote(RandomGenerator random) {
        ShadowReplica replica = anyReplica(random);
        assertThat(ShadowJson.readReplica(ShadowJson.write(replica))).isEqualTo(replica);
    }

    /** Nothing but a refusal comes of a damaged document. */
    @SeededTest(runs = 500)
    void survivesDamage(RandomGenerator random) {
        StringBuilder text = new StringBuilder(
                random.nextBoolean() ? ShadowJson.write(anyProfile(random)) : ShadowJson.write(anyReplica(random)));
        for (int i = 0; i < 3; i++) {
            int at = random.nextInt(text.length());
            text.setCharAt(at, "{}[]\",:0-9nulltrue".charAt(random.nextInt(18)));
        }
        for (boolean profile : new boolean[] {true, false}) {
            try {
                Object read =
                        profile ? ShadowJson.readProfile(text.toString()) : ShadowJson.readReplica(text.toString());
                assertThat(read).isNotNull();
            } catch (InvalidDocumentException e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    private static <T> T any(RandomGenerator random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Duration duration(RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(1, 1L << (1 + random.nextInt(50))));
    }

    private static PlacementProfile anyProfile(RandomGenerator random) {
        PlacementProfile.Builder builder = PlacementProfile.builder(VmId.of("vm-" + random.nextInt(100)))
                .shadows(IntStream.range(0, random.nextInt(5))
                        .mapToObj(i -> any(random, Tier.values()))
                        .toList())
                .priority(random.nextInt(1001))
                .triggers(IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> anyTrigger(random))
                        .toList())
                .syncMethod(any(random, SyncMethod.values()))
                .rto(duration(random))
                .latencyBudget(duration(random))
                .failoverStart(any(random, FailoverStart.values()))
                .fence(any(random, FenceRequirement.values()))
                .oldPrimary(any(random, OldPrimary.values()))
                .hooks(IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> new StepHook(
                                any(random, StepHook.When.values()), any(random, FailoverStep.values()), "f" + i))
                        .toList());
        if (random.nextBoolean()) {
            builder.synchronous(any(random, LinkLossPolicy.values()));
        } else {
            builder.synchronous(any(random, LinkLossPolicy.values())).asynchronous(duration(random));
        }
        return builder.build();
    }

    private static Trigger anyTrigger(RandomGenerator random) {
        TriggerSignal signal = any(random, TriggerSignal.values());
        Direction direction = any(random, Direction.values());
        double threshold = random.nextDouble(100);
        double hysteresis = random.nextDouble(100);
        return random.nextBoolean()
                ? new Trigger.Threshold(signal, threshold, direction, duration(random), hysteresis, duration(random))
                : new Trigger.Predictive(
                        signal,
                        threshold,
                        direction,
                        random.nextDouble(0.001, 0.999),
                        duration(random),
                        hysteresis,
                        duration(random),
                        any(random, ForecastUse.values()));
    }

    private static ShadowReplica anyReplica(RandomGenerator random) {
        Instant at = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
        boolean committed = random.nextBoolean();
        SyncStatus sync = new SyncStatus(
                any(random, SyncPhase.values()),
                Generation.of(random.nextInt(9)),
                committed ? OptionalLong.of(random.nextLong(1L << 60)) : OptionalLong.empty(),
                committed ? Optional.of(at) : Optional.empty(),
                random.nextLong(1L << 60),
                duration(random),
                random.nextDouble(1e12),
                random.nextBoolean() ? Optional.of(duration(random)) : Optional.empty(),
                random.nextLong(1L << 60),
                at,
                random.nextBoolean() ? "" : "was \"cut\" \u00fc");
        ReplicaState state = any(random, ReplicaState.values());
        return new ShadowReplica(
                InstanceId.of("i" + random.nextInt(9)),
                VmId.of("v"),
                HostId.of("h"),
                any(random, Tier.values()),
                random.nextInt(16),
                state == ReplicaState.STANDBY && !committed ? ReplicaState.WARMING : state,
                Generation.of(random.nextInt(9)),
                sync,
                new PerformanceMetrics(
                        random.nextInt(99),
                        random.nextBoolean() ? Optional.of(duration(random)) : Optional.empty(),
                        random.nextDouble(1e9),
                        duration(random),
                        random.nextBoolean() ? Optional.of(duration(random)) : Optional.empty()),
                at,
                random.nextBoolean() ? "" : "because");
    }
}
