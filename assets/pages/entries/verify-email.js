import { start } from '../lib/start.js';
import { VerifyEmailPage } from '../views/verify-email-page.js';

start(VerifyEmailPage);
