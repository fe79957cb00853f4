package dev.shadow.forecast.arima;

import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.tck.contract.ForecasterContract;

final class ArimaForecasterContractTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return ArimaForecaster.create();
    }
}
