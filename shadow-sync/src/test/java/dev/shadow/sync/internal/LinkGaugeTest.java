package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a link counts as slow. */
class LinkGaugeTest {
    private static final long MS = 1_000_000L;

    private final LinkGauge gauge = new LinkGauge(100_000_000);

    @Test
    void aLinkThatNobodyWaitsForIsNotSlow() {
        gauge.taken(1, 0);
        gauge.taken(1, 500 * MS);
        assertThat(gauge.isSlow(500 * MS)).isFalse();
    }

    @Test
    void aLinkThatTakesLittleWhileTheSenderWaitsIsSlow() {
        gauge.waits(10 * MS);
        gauge.taken(4_000_000, 60 * MS);
        assertThat(gauge.isSlow(60 * MS)).isTrue();
    }

    @Test
    void aLinkThatTakesMuchIsNot() {
        gauge.waits(10 * MS);
        gauge.taken(6_000_000, 60 * MS);
        assertThat(gauge.isSlow(60 * MS)).isFalse();
    }

    @Test
    void aShortWaitTellsNothingYet() {
        gauge.waits(0);
        gauge.taken(1, 49 * MS);
        assertThat(gauge.isSlow(49 * MS)).isFalse();
    }

    @Test
    void timeWithoutAnythingToSendIsNotCounted() {
        gauge.waits(0);
        gauge.rests();
        gauge.taken(1, 900 * MS);
        assertThat(gauge.isSlow(900 * MS)).isFalse();
    }

    @Test
    void whatWasFoundIsForgottenAfterASecondWithoutWaiting() {
        gauge.waits(0);
        gauge.taken(1, 50 * MS);
        assertThat(gauge.isSlow(1050 * MS)).isTrue();
        assertThat(gauge.isSlow(1051 * MS)).isFalse();
    }

    @Test
    void theHighestCeilingMeansAlways() {
        assertThat(new LinkGauge(Long.MAX_VALUE).isSlow(0)).isTrue();
    }

    @Test
    void aCeilingOfZeroMeansNever() {
        LinkGauge never = new LinkGauge(0);
        never.waits(0);
        never.taken(0, 50 * MS);
        assertThat(never.isSlow(50 * MS)).isFalse();
    }
}
