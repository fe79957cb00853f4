package dev.shadow.core.placement.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SearchPartsTest {
    @Test
    void aBudgetIsUsedByWhicheverLimitIsNearer() {
        long[] now = {1_000};
        BudgetMeter meter = BudgetMeter.startingNow(new SearchBudget(2_000, 10), () -> now[0]);

        assertThat(meter.used(1)).isEqualTo(0.1);
        now[0] = 2_500;
        assertThat(meter.used(1)).isEqualTo(0.75);
        assertThat(meter.used(10)).isEqualTo(1);
    }

    @Test
    void aMeterFromZeroCountsWhatTheClockShowedBefore() {
        BudgetMeter meter = BudgetMeter.fromZero(SearchBudget.ofCpuTime(Duration.ofSeconds(2)), () -> 1_000_000_000L);

        assertThat(meter.used(0)).isEqualTo(0.5);
    }

    @Test
    void aBudgetOfStepsNeverAsksTheClock() {
        BudgetMeter meter = BudgetMeter.fromZero(SearchBudget.ofSteps(4), () -> {
            throw new AssertionError("asked");
        });

        assertThat(meter.used(1)).isEqualTo(0.25);
        assertThat(BudgetMeter.fromZero(SearchBudget.ofSteps(0), () -> 0).used(0))
                .isEqualTo(1);
    }

    @Test
    void refusesASearchWithoutEnd() {
        assertThatThrownBy(() -> new SearchBudget(Long.MAX_VALUE, Long.MAX_VALUE))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("steps must be limited when processor time is not, was unlimited");
    }

    @Test
    void aStreamBeginsAnewAndDiffersFromItsNeighbours() {
        SeedStreams streams = SeedStreams.of(42);

        assertThat(streams.stream(3).nextLong())
                .isEqualTo(SeedStreams.of(42).stream(3).nextLong())
                .isNotEqualTo(streams.stream(4).nextLong())
                .isNotEqualTo(SeedStreams.of(43).stream(3).nextLong());
    }

    @Test
    void coolsGeometricallyBetweenItsEnds() {
        Cooling cooling = new Cooling(100, 1);

        assertThat(cooling.temperature(-1)).isEqualTo(100);
        assertThat(cooling.temperature(0.5)).isEqualTo(10, within(1e-9));
        assertThat(cooling.temperature(2)).isEqualTo(1, within(1e-9));
        assertThatThrownBy(() -> new Cooling(1, 2)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new Cooling(Double.NaN, 1)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void acceptsAWorseningOfOneTemperatureAsOftenAsMetropolisSays() {
        SplittableRandom random = new SplittableRandom(7);
        int accepted = 0;
        for (int i = 0; i < 100_000; i++) {
            accepted += Cooling.acceptedWorsening(5, random) >= 5 ? 1 : 0;
        }

        assertThat(accepted / 100_000.0).isEqualTo(Math.exp(-1), within(0.01));
    }

    @Test
    void theLowerWorkerWinsATieWhoeverCameFirst() {
        BestSoFar<String> best = new BestSoFar<>();

        assertThat(best.solution()).isEmpty();
        assertThat(best.offer(5, 2, () -> "second")).isTrue();
        assertThat(best.offer(5, 1, () -> "first")).isTrue();
        assertThat(best.offer(5, 2, () -> "second again")).isFalse();
        assertThat(best.offer(6, 0, () -> "worse")).isFalse();
        assertThat(best.solution()).contains("first");
        assertThat(best.objective()).isEqualTo(5);
    }

    @Test
    void theGapIsMeasuredAgainstTheBound() {
        assertThat(new SearchProgress(105, 100, 1, 1).gap()).isEqualTo(0.05, within(1e-12));
        assertThat(new SearchProgress(105, Double.NaN, 1, 1).gap()).isNaN();
    }
}
