package dev.shadow.core.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.ForecastAccuracy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccuracyGateTest {
    private static final AccuracyGate GATE = new AccuracyGate(20, 0.1);

    @Test
    void letsAForecastPassThatIsCalibratedAndNoWorseThanTheHistory() {
        assertThat(objection(20, 0.85, 0.85, 1, 1)).isEmpty();
        assertThat(objection(99, 0.81, 0.99, 0.5, 1)).isEmpty();
    }

    @Test
    void objectsToTooFewOriginsAndToNone() {
        assertThat(objection(19, 0.9, 0.9, 1, 2)).contains("tested from 19 origins, 20 are needed");
        assertThat(GATE.objection(Optional.empty()))
                .contains("the history is too short to test the forecast from 20 origins");
    }

    @Test
    void objectsToAGreaterLossThanTheHistorysOwn() {
        assertThat(objection(20, 0.9, 0.9, 1.5, 1.25))
                .contains("its loss of 1.500 is above the 1.250 of the history's own quantile");
    }

    @Test
    void objectsToAQuantileThatHoldsTooFewOrTooMany() {
        assertThat(objection(20, 0.7, 0.7, 1, 2)).contains("its 0.900 quantile held 0.700 of the outcomes");
        assertThat(new AccuracyGate(20, 0.05).objection(Optional.of(accuracy(20, 0.97, 0.97, 1, 2))))
                .contains("its 0.900 quantile held 0.970 of the outcomes");
    }

    @Test
    void takesTiesForEitherSide() {
        assertThat(objection(20, 0, 1, 0, 0)).isEmpty();
    }

    @Test
    void refusesNoOriginsAndAToleranceThatIsNoShare() {
        assertThatThrownBy(() -> new AccuracyGate(0, 0.1)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new AccuracyGate(1, Double.NaN)).isInstanceOf(InvalidValueException.class);
    }

    private static Optional<String> objection(
            int origins, double below, double notAbove, double pinball, double baseline) {
        return GATE.objection(Optional.of(accuracy(origins, below, notAbove, pinball, baseline)));
    }

    private static ForecastAccuracy accuracy(
            int origins, double below, double notAbove, double pinball, double baseline) {
        return new ForecastAccuracy(origins, 3 * origins, 0.9, below, notAbove, pinball, baseline);
    }
}
