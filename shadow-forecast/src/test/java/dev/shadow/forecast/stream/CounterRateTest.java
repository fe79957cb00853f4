package dev.shadow.forecast.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.forecast.stream.CounterRate.Width;
import dev.shadow.spi.InvalidValueException;
import org.junit.jupiter.api.Test;

final class CounterRateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final double ANY = Double.POSITIVE_INFINITY;

    @Test
    void givesTheRisePerSecond() {
        CounterRate counter = CounterRate.of(Width.BITS_64, ANY);

        assertThat(counter.rate(0, 100)).isNaN();
        assertThat(counter.rate(2 * SECOND, 300)).isEqualTo(100);
        assertThat(counter.rate(4 * SECOND, 300)).isZero();
    }

    @Test
    void goesOnThroughTheEndOfANarrowCounter() {
        CounterRate counter = CounterRate.of(Width.BITS_32, ANY);
        counter.rate(0, 0xFFFF_FFFFL - 9);

        assertThat(counter.rate(SECOND, 20)).isEqualTo(30);
        assertThat(counter.wraps()).isEqualTo(1);
        assertThat(counter.resets()).isZero();
    }

    @Test
    void goesOnThroughTheEndOfAWideCounter() {
        CounterRate counter = CounterRate.of(Width.BITS_64, ANY);
        counter.rate(0, -10);

        assertThat(counter.rate(SECOND, 20)).isEqualTo(30);
        assertThat(counter.wraps()).isEqualTo(1);
    }

    @Test
    void countsBeyondTheSignedRange() {
        CounterRate counter = CounterRate.of(Width.BITS_64, ANY);
        counter.rate(0, 0);

        assertThat(counter.rate(SECOND, -1)).isEqualTo(0x1p64);
    }

    @Test
    void givesNoRateAcrossAReset() {
        CounterRate wide = CounterRate.of(Width.BITS_64, ANY);
        CounterRate unlimited = CounterRate.of(Width.UNLIMITED, ANY);
        wide.rate(0, 1_000_000_000_000L);
        unlimited.rate(0, 50);

        assertThat(wide.rate(SECOND, 500)).isNaN();
        assertThat(wide.rate(2 * SECOND, 700)).isEqualTo(200);
        assertThat(unlimited.rate(SECOND, 49)).isNaN();
        assertThat(wide.resets()).isEqualTo(1);
        assertThat(unlimited.resets()).isEqualTo(1);
    }

    @Test
    void takesAnImplausiblyFastWrapForAReset() {
        CounterRate counter = CounterRate.of(Width.BITS_32, 1e6);
        counter.rate(0, 3_000_000_000L);

        assertThat(counter.rate(SECOND, 100)).isNaN();
        assertThat(counter.resets()).isEqualTo(1);
        assertThat(counter.wraps()).isZero();
    }

    @Test
    void leavesOutReadingsThatAreNotLater() {
        CounterRate counter = CounterRate.of(Width.UNLIMITED, ANY);
        counter.rate(SECOND, 10);

        assertThat(counter.rate(SECOND, 11)).isNaN();
        assertThat(counter.rate(0, 5)).isNaN();
        assertThat(counter.rate(2 * SECOND, 30)).isEqualTo(20);
        assertThat(counter.notLater()).isEqualTo(2);
    }

    @Test
    void refusesWhatTheCounterCannotShow() {
        assertThatThrownBy(() -> CounterRate.of(Width.BITS_32, ANY).rate(0, 1L << 32))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> CounterRate.of(Width.UNLIMITED, ANY).rate(0, -1))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> CounterRate.of(Width.BITS_32, 0)).isInstanceOf(InvalidValueException.class);
    }
}
