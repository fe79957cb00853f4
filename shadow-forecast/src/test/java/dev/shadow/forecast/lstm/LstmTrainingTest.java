package dev.shadow.forecast.lstm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LstmTrainingTest {
    private static final List<TimeSeries> SERIES = TestWindows.series(3, 400);

    private static LstmTraining.Builder small() {
        return LstmTraining.builder().hidden(8).season(48).batch(128).batches(4);
    }

    @Test
    void trainingLowersTheLossBehindTheCut() throws Exception {
        double before =
                small().batches(1).rate(1e-9).build().train(SERIES).training().validationLoss();
        double after = small().batches(40).build().train(SERIES).training().validationLoss();
        assertThat(after).isLessThan(0.95 * before);
    }

    @Test
    void equalSeedsGiveEqualBitsWithAnyNumberOfThreads() throws Exception {
        LstmNetwork one = small().threads(1).build().train(SERIES);
        LstmNetwork two = small().threads(2).build().train(SERIES);
        assertThat(two.parameters().blocks).isDeepEqualTo(one.parameters().blocks);
        assertThat(two.training()).isEqualTo(one.training());
    }

    @Test
    void anotherSeedGivesAnotherNetwork() throws Exception {
        LstmNetwork one = small().seed(1).build().train(SERIES);
        LstmNetwork other = small().seed(2).build().train(SERIES);
        assertThat(other.parameters().out).isNotEqualTo(one.parameters().out);
    }

    @Test
    void trainingGoesOnFromANetworkAndIsNotWorseThanIt() throws Exception {
        LstmNetwork first = small().batches(10).build().train(SERIES);
        LstmNetwork second =
                small().batches(5).rate(0.001).startFrom(first).build().train(SERIES);
        assertThat(second.training().validationLoss())
                .isLessThanOrEqualTo(first.training().validationLoss());
        assertThat(second.training().batches()).isEqualTo(first.training().batches() + 5);
    }

    @Test
    void valuesBehindTheCutLeaveNoTraceInTrainingWindows() {
        List<TimeSeries> changed =
                SERIES.stream().map(LstmTrainingTest::changedBehindTheCut).toList();
        Windows one = drawn(SERIES);
        Windows other = drawn(changed);
        assertThat(other.inputs).isDeepEqualTo(one.inputs);
        assertThat(other.features).isEqualTo(one.features);
        assertThat(Arrays.deepEquals(other.actuals, one.actuals)).isTrue();
        assertThat(other.weights).isEqualTo(one.weights);
    }

    private static Windows drawn(List<TimeSeries> series) {
        Windows windows = new Windows(300);
        TrainingSet.of(series, 48, 0.15, false).drawTraining(new SplittableRandom(6), new WindowReader(), windows);
        return windows;
    }

    private static TimeSeries changedBehindTheCut(TimeSeries series) {
        double[] values = series.values();
        for (int t = (int) (0.85 * values.length); t < values.length; t++) {
            values[t] *= 3;
        }
        return TimeSeries.of(series.start(), series.step(), values);
    }

    @Test
    void limitEndsTheTraining() throws Exception {
        int[] asked = {0};
        LstmNetwork network = small().limit(() -> ++asked[0] > 2).build().train(SERIES);
        assertThat(network.training().batches()).isEqualTo(2);
    }

    @Test
    void seriesThatCannotBeTrainedOnAreRefusedForGood() {
        TimeSeries constant = TimeSeries.of(Instant.EPOCH, Duration.ofMinutes(5), new double[1000]);
        assertThatThrownBy(() -> small().build().train(List.of(constant)))
                .isInstanceOfSatisfying(
                        ForecastException.class, e -> assertThat(e.retry()).isEqualTo(Retry.PERMANENT));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        LstmTraining.Builder builder = LstmTraining.builder();
        assertThatThrownBy(() -> builder.hidden(12)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> builder.batch(100)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> builder.batches(0)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> builder.rate(Double.NaN)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> builder.judged(0.9)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> builder.threads(0)).isInstanceOf(InvalidValueException.class);
    }
}
