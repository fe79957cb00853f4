package dev.shadow.forecast;

import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.tck.contract.ForecasterContract;

final class ThetaContractTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return Forecasters.theta();
    }
}
