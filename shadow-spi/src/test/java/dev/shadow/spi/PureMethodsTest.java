package dev.shadow.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.PerformanceMetrics;
import dev.shadow.spi.replica.ReplicaState;
import dev.shadow.spi.replica.ShadowReplica;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PureMethodsTest {
    @ParameterizedTest
    @CsvSource({
        // other place,  region, zone,  rack,  host
        "r/z/k/h,         true,  true,  true,  true",
        "r/z/k/x,         true,  true,  true,  false",
        "r/z/x/h,         true,  true,  false, false",
        "r/x/k/h,         true,  false, false, false",
        "x/z/k/h,         false, false, false, false"
    })
    void placesFailTogetherFromTheRegionDownwards(
            String other, boolean region, boolean zone, boolean rack, boolean host) {
        String[] path = other.split("/", -1);
        FailureDomain here = Examples.domain("r", "z", "k", "h");
        FailureDomain there = Examples.domain(path[0], path[1], path[2], path[3]);
        assertThat(here.failsTogetherWith(there, Tier.REGION)).isEqualTo(region);
        assertThat(here.failsTogetherWith(there, Tier.ZONE)).isEqualTo(zone);
        assertThat(here.failsTogetherWith(there, Tier.RACK)).isEqualTo(rack);
        assertThat(here.failsTogetherWith(there, Tier.HOST)).isEqualTo(host);
        for (Tier tier : Tier.values()) {
            assertThat(there.failsTogetherWith(here, tier)).isEqualTo(here.failsTogetherWith(there, tier));
        }
    }

    @Test
    void placeIsWrittenAsAPath() {
        assertThat(Examples.domain("r", "z", "k", "h")).hasToString("r/z/k/h");
    }

    @ParameterizedTest
    @CsvSource({
        "WARMING, STANDBY FAILED RETIRED",
        "STANDBY, ACTIVE WARMING FAILED RETIRED",
        "ACTIVE,  FAILED RETIRED",
        "FAILED,  RETIRED",
        "RETIRED, ''"
    })
    void replicaGoesOnlyWhereItMay(ReplicaState from, String successors) {
        Set<ReplicaState> allowed = EnumSet.noneOf(ReplicaState.class);
        for (String name : successors.split(" ", -1)) {
            if (!name.isEmpty()) {
                allowed.add(ReplicaState.valueOf(name));
            }
        }
        assertThat(from.successors()).isEqualTo(allowed);
        for (ReplicaState next : ReplicaState.values()) {
            ShadowReplica replica = Examples.replica(from);
            assertThat(from.mayBecome(next)).isEqualTo(allowed.contains(next));
            if (allowed.contains(next)) {
                ShadowReplica moved = replica.in(next, Examples.NOW.plusSeconds(1), "why");
                assertThat(moved.state()).isEqualTo(next);
                assertThat(moved.since()).isEqualTo(Examples.NOW.plusSeconds(1));
                assertThat(moved.reason()).isEqualTo("why");
            } else {
                assertThatThrownBy(() -> replica.in(next, Examples.NOW, ""))
                        .isInstanceOf(InvalidValueException.class)
                        .hasMessageStartingWith("state must be one of")
                        .hasMessageEndingWith(" after " + from + ", was " + next);
            }
        }
    }

    @Test
    void successorsAreACopy() {
        ReplicaState.WARMING.successors().clear();
        assertThat(ReplicaState.WARMING.mayBecome(ReplicaState.STANDBY)).isTrue();
    }

    @Test
    void replicaIsChangedInOnePlaceAtATime() {
        ShadowReplica replica = Examples.replica(ReplicaState.STANDBY);
        SyncStatus status = Examples.committed();
        assertThat(replica.withSync(status).withPerformance(PerformanceMetrics.NONE))
                .isEqualTo(replica);
        assertThat(replica.withGeneration(Generation.of(9)).generation()).isEqualTo(Generation.of(9));
        assertThat(replica.withGeneration(Generation.of(9)).withGeneration(replica.generation()))
                .isEqualTo(replica);
    }

    @ParameterizedTest
    @EnumSource(SyncPhase.class)
    void phaseTellsWhetherAcknowledgedWritesAreSafeAndWhetherItIsOver(SyncPhase phase) {
        assertThat(phase.holdsEveryAcknowledgedWrite())
                .isEqualTo(
                        EnumSet.of(SyncPhase.SYNCHRONOUS, SyncPhase.DEGRADING).contains(phase));
        assertThat(phase.isTerminal())
                .isEqualTo(EnumSet.of(SyncPhase.PROMOTED, SyncPhase.FAILED, SyncPhase.CLOSED)
                        .contains(phase));
    }

    @Test
    void openedStatusIsNotPromotable() {
        SyncStatus opened = SyncStatus.opened(Generation.of(2), Examples.NOW);
        assertThat(opened.phase()).isEqualTo(SyncPhase.OPENED);
        assertThat(opened.generation()).isEqualTo(Generation.of(2));
        assertThat(opened.isPromotable()).isFalse();
        assertThat(Examples.committed().isPromotable()).isTrue();
    }

    @Test
    void generationsAreOrdered() {
        assertThat(Generation.INITIAL.next()).isEqualTo(Generation.of(1));
        assertThat(Generation.of(1).isOlderThan(Generation.of(2))).isTrue();
        assertThat(Generation.of(2).isOlderThan(Generation.of(2))).isFalse();
        assertThat(Generation.of(3).isOlderThan(Generation.of(2))).isFalse();
        assertThat(Generation.of(1)).isLessThan(Generation.of(2));
    }

    @Test
    void resourcesAreAddedWithoutOverflow() {
        Resources most = new Resources(Long.MAX_VALUE, 1, 2, 3);
        assertThat(most.plus(Examples.size())).isEqualTo(new Resources(Long.MAX_VALUE, 3, 5, 7));
    }

    @Test
    void resourcesNeverFallBelowZero() {
        assertThat(Examples.size().minus(new Resources(0, 3, 3, 1))).isEqualTo(new Resources(1, 0, 0, 3));
    }

    @ParameterizedTest
    @CsvSource({"1,2,3,4,true", "0,2,3,4,false", "1,1,3,4,false", "1,2,2,4,false", "1,2,3,3,false"})
    void resourcesFitWhenNoneOfTheFourExceeds(long cpu, long memory, long disk, long network, boolean fits) {
        assertThat(Examples.size().fitsIn(new Resources(cpu, memory, disk, network)))
                .isEqualTo(fits);
    }

    @Test
    void overcommittedHostHasNothingFree() {
        HostDescription host = Examples.hostDescription();
        HostDescription full = new HostDescription(
                host.id(), host.domain(), host.capacity(), new Resources(9, 9, 9, 9), true, Set.of(), Set.of(), 1);
        assertThat(host.free()).isEqualTo(Examples.size());
        assertThat(full.free()).isEqualTo(Resources.NONE);
    }

    @Test
    void endpointOfALiteralAddressIsWrittenInBrackets() {
        assertThat(new Endpoint("::1", 80)).hasToString("[::1]:80");
        assertThat(new Endpoint("host", 80)).hasToString("host:80");
    }

    @Test
    void failoverTellsItsDuration() {
        assertThat(Examples.failover().rto()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void profileHasTheDocumentedDefaults() {
        PlacementProfile profile = PlacementProfile.builder(VmId.of("vm")).build();
        assertThat(profile.shadowCount()).isEqualTo(1);
        assertThat(profile.tiers()).containsExactly(Tier.HOST);
        assertThat(profile.priority()).isEqualTo(500);
        assertThat(profile.triggers()).isEmpty();
        assertThat(profile.syncMode()).isEqualTo(SyncMode.ASYNCHRONOUS);
        assertThat(profile.rpo()).isEqualTo(Duration.ofSeconds(5));
        assertThat(profile.rto()).isEqualTo(Duration.ofSeconds(30));
        assertThat(profile.latencyBudget()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void synchronousProfileHasNoRecoveryPoint() {
        PlacementProfile profile = PlacementProfile.builder(VmId.of("vm"))
                .synchronous(LinkLossPolicy.HOLD_WRITES)
                .shadows(3, Tier.ZONE)
                .build();
        assertThat(profile.rpo()).isZero();
        assertThat(profile.onLinkLoss()).isEqualTo(LinkLossPolicy.HOLD_WRITES);
        assertThat(profile.tiers()).containsExactly(Tier.ZONE, Tier.ZONE, Tier.ZONE);
    }

    @Test
    void profileWithoutShadowsIsAllowed() {
        assertThat(PlacementProfile.builder(VmId.of("vm"))
                        .shadows(List.of())
                        .build()
                        .shadowCount())
                .isZero();
    }

    @Test
    void profileKeepsNoListOfItsCaller() {
        List<Tier> tiers = new ArrayList<>(List.of(Tier.ZONE));
        PlacementProfile profile =
                PlacementProfile.builder(VmId.of("vm")).shadows(tiers).build();
        tiers.set(0, Tier.HOST);
        assertThat(profile.tiers()).containsExactly(Tier.ZONE);
        assertThatThrownBy(() -> profile.tiers().add(Tier.HOST)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void staleGenerationTellsBothSides() {
        StaleGenerationException stale =
                new StaleGenerationException(VmId.of("vm"), Generation.of(1), Generation.of(2));
        assertThat(stale)
                .hasMessage(
                        "generation 1 of vm is refused: generation 2 was already seen, so another activation has taken over");
        assertThat(stale.offered()).isEqualTo(Generation.of(1));
        assertThat(stale.highestSeen()).isEqualTo(Generation.of(2));
    }
}
