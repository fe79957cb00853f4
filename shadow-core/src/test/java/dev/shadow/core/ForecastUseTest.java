package dev.shadow.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.core.json.ShadowJson;
import dev.shadow.core.trigger.AccuracyGate;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.ForecastUse;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import dev.shadow.tck.fake.FakeForecaster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A signal that rises by 0.1 points a sample, with noise of half a point to either side, and forecasts of it 20 steps
 * ahead. The noise of a value and of the one it is forecast from add up to a triangle, whose 0.8 quantile is that of the
 * forecaster's spread.
 */
class ForecastUseTest {
    private static final Forecaster RIGHT = FakeForecaster.line(0.1, 1.2);
    private static final Forecaster ALARMIST = FakeForecaster.line(2, 1.2);

    private final Drill drill = new Drill();
    private int fed;

    private ShadowManager manager(Forecaster forecaster, ForecastUse use) {
        ShadowManager manager = drill.manager(
                HostProcess.unharmed(),
                builder -> builder.forecaster(forecaster)
                        .config(ManagerConfig.builder()
                                .passInterval(Duration.ofSeconds(10))
                                .stallThreshold(Duration.ofMinutes(1))
                                .historyLength(Duration.ofHours(4))
                                .refitInterval(Duration.ofMinutes(10))
                                .accuracyGate(new AccuracyGate(20, 0.15))
                                .build()));
        manager.apply(drill.profile()
                .triggers(List.of(new Trigger.Predictive(
                        TriggerSignal.CPU, 80, Direction.ABOVE, 0.2, Duration.ofMinutes(10), 5, Duration.ZERO, use)))
                .build());
        manager.start();
        return manager;
    }

    private void feed(double start, double slope, int samples) {
        for (int i = 0; i < samples; i++) {
            double noise = (0.618034 * fed++) % 1 - 0.5;
            drill.metrics.record(new MetricSubject.Vm(drill.vm), Metric.CPU_PERCENT, start + slope * i + noise);
            drill.time.advance(Duration.ofSeconds(30));
        }
    }

    @Test
    void aProvenForecastPlacesAhead() {
        ShadowManager manager = manager(RIGHT, ForecastUse.ACT_ONCE_PROVEN);

        feed(60, 0.1, 195);

        assertThat(drill.events(ShadowEvent.TriggerWithheld.class)).isEmpty();
        assertThat(drill.events(ShadowEvent.TriggerFired.class)).hasSize(1);
        assertThat(drill.ready(manager, 1)).isTrue();
    }

    @Test
    void aForecastThatMayOnlyObserveTellsItsAccuracyAndPlacesNothing() {
        ShadowManager manager = manager(RIGHT, ForecastUse.OBSERVE);

        feed(60, 0.1, 260);

        assertThat(drill.events(ShadowEvent.TriggerFired.class)).isEmpty();
        assertThat(manager.replicas(drill.vm)).isEmpty();
        assertThat(drill.events(ShadowEvent.TriggerWithheld.class)).hasSize(1);
        ShadowEvent.TriggerWithheld withheld =
                drill.events(ShadowEvent.TriggerWithheld.class).get(0);
        assertThat(withheld.observed()).isGreaterThanOrEqualTo(80);
        assertThat(withheld.leadTime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(withheld.reason()).startsWith("the profile lets it observe only; CPU is forecast to reach");
        assertThat(withheld.accuracy()).hasValueSatisfying(accuracy -> {
            assertThat(accuracy.origins()).isEqualTo(20);
            assertThat(accuracy.outcomes()).isEqualTo(400);
            assertThat(accuracy.notAbove()).isBetween(0.7, 0.9);
            assertThat(accuracy.pinball()).isLessThan(accuracy.baselinePinball());
        });
        assertThat(ShadowJson.write(withheld)).contains("\"reason\"", "\"baselinePinball\"", "\"OBSERVE\"");
    }

    @Test
    void aForecastThatLosesToTheHistoryIsWithheld() {
        ShadowManager manager = manager(ALARMIST, ForecastUse.ACT_ONCE_PROVEN);

        feed(60, 0, 150);

        assertThat(drill.events(ShadowEvent.TriggerFired.class)).isEmpty();
        assertThat(manager.replicas(drill.vm)).isEmpty();
        assertThat(drill.events(ShadowEvent.TriggerWithheld.class)).isNotEmpty();
        drill.time.advance(Duration.ofMinutes(30));
        feed(60, 0, 20);
        assertThat(drill.events(ShadowEvent.TriggerFired.class)).isEmpty();
    }

    @Test
    void aForecastActsAsSoonAsTheHistoryIsLongEnoughToProveIt() {
        ShadowManager manager = manager(RIGHT, ForecastUse.ACT_ONCE_PROVEN);

        feed(75, 0.1, 35);
        assertThat(drill.events(ShadowEvent.TriggerFired.class)).isEmpty();
        assertThat(drill.events(ShadowEvent.TriggerWithheld.class)).hasSize(1);
        ShadowEvent.TriggerWithheld withheld =
                drill.events(ShadowEvent.TriggerWithheld.class).get(0);
        assertThat(withheld.accuracy()).isEmpty();
        assertThat(withheld.reason()).startsWith("the history is too short to test the forecast from 20 origins; ");

        feed(78.5, 0.1, 60);
        assertThat(drill.events(ShadowEvent.TriggerFired.class)).hasSize(1);
        assertThat(drill.events(ShadowEvent.TriggerWithheld.class)).hasSize(1);
        assertThat(drill.ready(manager, 1)).isTrue();
    }
}
