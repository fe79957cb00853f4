package dev.shadow.forecast.stream;

import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.tck.contract.ForecasterContract;

final class StreamForecasterContractTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return StreamForecaster.create();
    }
}
