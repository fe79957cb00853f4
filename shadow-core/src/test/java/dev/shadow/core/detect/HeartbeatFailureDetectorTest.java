package dev.shadow.core.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.failover.DetectionException;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.HostHealth.Verdict;
import dev.shadow.tck.time.VirtualTime;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeartbeatFailureDetectorTest {
    private static final HostId A = HostId.of("a");
    private static final HostId B = HostId.of("b");
    private static final HostId C = HostId.of("c");

    private final VirtualTime time = VirtualTime.create();
    private final Set<HostId> silent = new HashSet<>();
    private final Set<HostId> refusing = new HashSet<>();
    private final Map<HostId, Integer> probes = new HashMap<>();
    private final List<HostHealth> told = new ArrayList<>();
    private final HeartbeatFailureDetector detector =
            HeartbeatFailureDetector.create(this::probe, HeartbeatSettings.DEFAULTS, time, time.nanoTicker(), time);

    HeartbeatFailureDetectorTest() {
        var unused = detector.subscribe(told::add);
    }

    private void probe(HostId host, Duration timeout) throws DetectionException {
        probes.merge(host, 1, Integer::sum);
        if (refusing.contains(host)) {
            throw new DetectionException(Retry.TRANSIENT, host + " refused", new ConnectException("refused"));
        }
        if (silent.contains(host)) {
            throw new DetectionException(Retry.TRANSIENT, host + " timed out");
        }
    }

    private Verdict verdict(HostId host) {
        return detector.health(host).verdict();
    }

    private void watchAll() {
        detector.watch(Set.of(A, B, C));
        time.advance(Duration.ofSeconds(5));
        assertThat(verdict(A)).isEqualTo(Verdict.ALIVE);
        told.clear();
    }

    @Test
    void knowsNothingBeforeItHasHeard() {
        assertThat(verdict(A)).isEqualTo(Verdict.UNKNOWN);
        detector.watch(Set.of(A));
        assertThat(verdict(A)).isEqualTo(Verdict.UNKNOWN);
        time.runUntilIdle();
        assertThat(verdict(A)).isEqualTo(Verdict.ALIVE);
    }

    @Test
    void suspectsFirstAndGivesUpLater() {
        watchAll();
        silent.add(A);
        assertThat(time.runUntil(() -> verdict(A) == Verdict.SUSPECT, Duration.ofSeconds(2)))
                .isTrue();
        assertThat(time.runUntil(() -> verdict(A) == Verdict.DEAD, Duration.ofSeconds(2)))
                .isTrue();
        assertThat(told).extracting(HostHealth::verdict).containsExactly(Verdict.SUSPECT, Verdict.DEAD);
        assertThat(detector.health(A).reasons()).contains("a timed out");
        silent.clear();
        assertThat(time.runUntil(() -> verdict(A) == Verdict.ALIVE, Duration.ofSeconds(2)))
                .isTrue();
    }

    @Test
    void aRefusalCountsMoreThanSilenceButOneIsNeverEnough() {
        watchAll();
        refusing.add(A);
        int before = probes.getOrDefault(A, 0);
        assertThat(time.runUntil(() -> verdict(A) == Verdict.DEAD, Duration.ofSeconds(5)))
                .isTrue();
        assertThat(probes.getOrDefault(A, 0) - before).isEqualTo(2);
    }

    @Test
    void oneMissedProbeIsForgotten() {
        watchAll();
        refusing.add(A);
        time.runUntil(() -> verdict(A) == Verdict.SUSPECT, Duration.ofSeconds(2));
        refusing.clear();
        time.advance(Duration.ofSeconds(2));
        assertThat(verdict(A)).isEqualTo(Verdict.ALIVE);
        refusing.add(A);
        time.runUntil(() -> verdict(A) == Verdict.SUSPECT, Duration.ofSeconds(2));
        assertThat(told).extracting(HostHealth::verdict).doesNotContain(Verdict.DEAD);
    }

    @Test
    void takesItselfForCutOffWhenNobodyAnswers() {
        watchAll();
        silent.addAll(Set.of(A, B, C));
        time.advance(Duration.ofSeconds(30));
        assertThat(told).extracting(HostHealth::verdict).doesNotContain(Verdict.DEAD);
        assertThat(verdict(A)).isEqualTo(Verdict.UNKNOWN);
        silent.remove(B);
        time.advance(Duration.ofSeconds(2));
        assertThat(verdict(B)).isEqualTo(Verdict.ALIVE);
        assertThat(verdict(A)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void aStallOfItsOwnKillsNobody() {
        watchAll();
        silent.addAll(Set.of(A, B));
        time.pass(Duration.ofMinutes(5));
        time.runUntilIdle();
        assertThat(told).isEmpty();
    }

    @Test
    void forgetsHostsThatAreNotWatchedAnyMore() {
        watchAll();
        detector.watch(Set.of(B));
        int before = probes.getOrDefault(A, 0);
        time.advance(Duration.ofSeconds(10));
        assertThat(probes.getOrDefault(A, 0)).isEqualTo(before);
        assertThat(verdict(A)).isEqualTo(Verdict.UNKNOWN);
        detector.close();
        time.advance(Duration.ofSeconds(10));
        assertThat(time.pending()).isZero();
    }
}
