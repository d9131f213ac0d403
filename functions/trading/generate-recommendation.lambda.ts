// The Lambda entry of the state Generate Buy/Sell recommendation.
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { generateRecommendation } from './generate-recommendation.ts';

export const handler = generateRecommendation({
  defaultQuantity: Number(tradingEnvironment('DEFAULT_QUANTITY')),
  priceBandPercent: Number(tradingEnvironment('PRICE_BAND_PERCENT')),
});
