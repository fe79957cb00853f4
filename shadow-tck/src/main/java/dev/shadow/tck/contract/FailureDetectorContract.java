package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.failover.FailureDetector;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.HostHealth.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The promises of {@link FailureDetector}. Both hosts answer at first. */
public abstract class FailureDetectorContract extends SpiContract {
    /** The detector under test, watching nothing yet. */
    protected abstract FailureDetector detector();

    /** A host that answers. */
    protected abstract HostId host();

    /** Another host that answers. */
    protected abstract HostId otherHost();

    /** Lets a host fall silent for good, while the others answer. */
    protected abstract void silence(HostId host) throws Exception;

    /** Lets a silent host answer again. */
    protected abstract void revive(HostId host) throws Exception;

    private Verdict verdict(HostId host) {
        return detector().health(host).verdict();
    }

    private void becomes(HostId host, Verdict verdict) throws Exception {
        eventually(host + " is held for " + verdict, () -> verdict(host) == verdict);
    }

    private void isNoLongerAlive(HostId host) throws Exception {
        Set<Verdict> late = EnumSet.of(Verdict.SUSPECT, Verdict.DEAD);
        eventually(host + " is no longer held for alive", () -> late.contains(verdict(host)));
    }

    @Test
    void hostThatIsNotWatchedIsUnknown() {
        assertThat(verdict(host())).isEqualTo(Verdict.UNKNOWN);
        assertThat(detector().health(host()).host()).isEqualTo(host());
    }

    @Test
    void hostThatAnswersIsAlive() throws Exception {
        detector().watch(Set.of(host()));
        becomes(host(), Verdict.ALIVE);
    }

    @Test
    void hostThatFallsSilentIsDeadInTheEnd() throws Exception {
        detector().watch(Set.of(host(), otherHost()));
        becomes(host(), Verdict.ALIVE);
        silence(host());
        becomes(host(), Verdict.DEAD);
        assertThat(detector().health(host()).reasons()).isNotEmpty();
    }

    @Test
    void silenceOfOneHostSaysNothingAboutAnother() throws Exception {
        detector().watch(Set.of(host(), otherHost()));
        becomes(otherHost(), Verdict.ALIVE);
        silence(host());
        isNoLongerAlive(host());
        assertThat(verdict(otherHost())).isEqualTo(Verdict.ALIVE);
    }

    @Test
    void hostThatAnswersAgainIsAliveAgain() throws Exception {
        detector().watch(Set.of(host(), otherHost()));
        becomes(host(), Verdict.ALIVE);
        silence(host());
        isNoLongerAlive(host());
        revive(host());
        becomes(host(), Verdict.ALIVE);
    }

    @Test
    void watchesExactlyTheHostsOfTheLastCall() throws Exception {
        detector().watch(Set.of(host(), otherHost()));
        becomes(host(), Verdict.ALIVE);
        detector().watch(Set.of(otherHost()));
        assertThat(verdict(host())).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void deliversEveryChangeOfVerdict() throws Exception {
        List<HostHealth> heard = new CopyOnWriteArrayList<>();
        detector().subscribe(heard::add);
        detector().watch(Set.of(host(), otherHost()));
        becomes(host(), Verdict.ALIVE);
        silence(host());
        isNoLongerAlive(host());
        eventually(
                "the death is delivered",
                () -> heard.stream()
                        .anyMatch(health -> health.host().equals(host()) && health.verdict() == Verdict.DEAD));
        assertThat(heard)
                .filteredOn(health -> health.host().equals(host()))
                .first()
                .extracting(HostHealth::verdict)
                .isEqualTo(Verdict.ALIVE);
    }

    @Test
    void closedSubscriptionHearsNothing() throws Exception {
        List<HostHealth> heard = new CopyOnWriteArrayList<>();
        Subscription subscription = detector().subscribe(heard::add);
        subscription.close();
        subscription.close();
        detector().watch(Set.of(host(), otherHost()));
        becomes(host(), Verdict.ALIVE);
        assertThat(heard).isEmpty();
    }

    @Test
    void listenerThatThrowsHarmsNobody() throws Exception {
        List<HostHealth> heard = new CopyOnWriteArrayList<>();
        detector().subscribe(health -> {
            throw new IllegalStateException("a broken listener, on purpose");
        });
        detector().subscribe(heard::add);
        detector().watch(Set.of(host(), otherHost()));
        silence(host());
        isNoLongerAlive(host());
        eventually("the other listener hears", () -> !heard.isEmpty());
    }

    @Test
    void closingTwiceHasTheEffectOfOnce() {
        detector().close();
        detector().close();
    }
}
