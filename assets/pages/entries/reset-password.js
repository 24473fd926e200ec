import { start } from '../lib/start.js';
import { ResetPasswordPage } from '../views/reset-password-page.js';

start(ResetPasswordPage);
